// A PDS with a PLC directory of its own, on two ports of this machine: node server.mjs PDS PLC DATA
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { PDS, envToCfg, envToSecrets } from '@atproto/pds'
import plc from '@did-plc/server'

const [pdsPort, plcPort, directory] = process.argv.slice(2)
const secret = (bytes) => randomBytes(bytes).toString('hex')

const directoryServer = plc.PlcServer.create({ db: plc.Database.mock(), port: Number(plcPort) })
await directoryServer.start()

const env = {
  port: Number(pdsPort),
  hostname: 'localhost',
  devMode: true,
  dataDirectory: directory,
  blobstoreDiskLocation: join(directory, 'blobs'),
  didPlcUrl: `http://127.0.0.1:${plcPort}`,
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  rateLimitsEnabled: false,
  jwtSecret: secret(16),
  adminPassword: secret(16),
  dpopSecret: secret(32),
  plcRotationKeyK256PrivateKeyHex: secret(32),
}
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
await pds.start()
console.log('ready')
