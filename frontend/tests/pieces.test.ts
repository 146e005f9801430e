import { describe, expect, it } from "vitest";

import { crc32 } from "../lib/crc32.ts";
import { type Answer, type Ask, type Mood, PIECE_BYTES, sendInPieces } from "../lib/pieces.ts";

const BEGIN = "/begin/";
const URL = "/uploads/7/";
const KEPT = '<span data-asset="12" data-name="film.mp4"></span>';

/** A server that keeps what it is sent, and can be told to misbehave. */
class Server {
  bytes = new Uint8Array();
  log: string[] = [];
  trouble: (Partial<Answer> | undefined)[] = [];

  readonly ask: Ask = async (method, url, body, headers) => {
    this.log.push(method);
    const trouble = this.trouble.shift();
    if (trouble) return { ...this.answer(0), ...trouble };
    if (url === BEGIN) return this.answer(this.bytes.length ? 200 : 201);
    if (method === "DELETE") this.bytes = new Uint8Array();
    if (method === "PATCH") {
      if (Number(headers["Upload-Offset"]) !== this.bytes.length) return this.answer(409);
      const more = new Uint8Array(await (body as Blob).arrayBuffer());
      this.bytes = Uint8Array.from([...this.bytes, ...more]);
      return this.answer(204);
    }
    if (url.endsWith("take/")) {
      const said = Number((body as URLSearchParams).get("checksum"));
      if (said !== crc32(this.bytes)) this.bytes = new Uint8Array();
      return said === crc32(this.bytes) ? this.answer(200, KEPT) : this.answer(409);
    }
    return this.answer(204);
  };

  private answer(status: number, text = ""): Answer {
    const headers: Record<string, string> = {
      Location: URL,
      "Upload-Offset": String(this.bytes.length),
      "Upload-Checksum": String(crc32(this.bytes)),
      "Content-Type": "text/html",
    };
    return { status, text, signedOut: false, header: (name) => headers[name] ?? "" };
  }
}

function aFile(size = 2000): File {
  return new File([Uint8Array.from({ length: size }, (_, at) => at % 251)], "film.mp4", { lastModified: 5 });
}

async function sent(server: Server, file = aFile(), moods: Mood[] = []): Promise<unknown> {
  return sendInPieces(file, {
    begin: BEGIN,
    ask: server.ask,
    signal: new AbortController().signal,
    pause: () => Promise.resolve(),
    tell: (_, mood) => { if (moods.at(-1) !== mood) moods.push(mood); },
  });
}

describe("a file sent in pieces", () => {
  it("arrives whole, in as many pieces as it needs", async () => {
    const server = new Server();
    expect(await sent(server, aFile(PIECE_BYTES + 1))).toEqual({ ids: ["12"], refusals: [] });
    expect(server.log).toEqual(["POST", "PATCH", "PATCH", "POST"]);
  });

  it("goes on where the server has it", async () => {
    const server = new Server();
    server.bytes = new Uint8Array(await aFile().slice(0, 700).arrayBuffer());
    expect(await sent(server)).toMatchObject({ ids: ["12"] });
    expect(crc32(server.bytes)).toBe(crc32(new Uint8Array(await aFile().arrayBuffer())));
  });

  it("begins anew when what is there is of another file", async () => {
    const server = new Server();
    server.bytes = Uint8Array.of(9, 9, 9);
    expect(await sent(server)).toMatchObject({ ids: ["12"] });
    expect(server.log).toEqual(["POST", "DELETE", "POST", "PATCH", "POST"]);
  });

  it("waits for a line, a server and a session, and then goes on", async () => {
    const server = new Server();
    const moods: Mood[] = [];
    server.trouble = [{ status: 0 }, undefined, { status: 503 }, { status: 200, signedOut: true }];
    expect(await sent(server, aFile(), moods)).toMatchObject({ ids: ["12"] });
    expect(moods).toEqual(["waiting", "signed out", "sending", "checking"]);
  });

  it("follows the server when another tab was first", async () => {
    const server = new Server();
    const ask = server.ask;
    server.ask satisfies Ask;
    let raced = false;
    const racing = new Server();
    Object.assign(racing, { ask: async (...of: Parameters<Ask>) => {
      if (of[0] === "PATCH" && !raced) {
        raced = true;
        server.bytes = new Uint8Array(await aFile().slice(0, 500).arrayBuffer());
      }
      return ask(...of);
    } });
    expect(await sent(racing)).toMatchObject({ ids: ["12"] });
    expect(server.bytes.length).toBe(2000);
  });

  it("sends a damaged file again", async () => {
    const server = new Server();
    const ask = server.ask;
    let once = true;
    const spoiling = new Server();
    Object.assign(spoiling, { ask: async (...of: Parameters<Ask>) => {
      const answer = await ask(...of);
      if (of[0] === "PATCH" && once) {
        once = false;
        server.bytes[0] = 99;
      }
      return answer;
    } });
    expect(await sent(spoiling)).toMatchObject({ ids: ["12"] });
  });

  it("says what the server says against it", async () => {
    const server = new Server();
    const words = { status: 507, text: "There is no room left.", header: () => "text/plain; charset=utf-8" };
    server.trouble = [undefined, words];
    expect(await sent(server)).toEqual({ ids: [], refusals: ["There is no room left."] });
  });

  it("gives up when the server forgets it again and again", async () => {
    const server = new Server();
    server.trouble = [undefined, { status: 404 }, undefined, { status: 404 }, undefined, { status: 404 }];
    expect(await sent(server)).toMatchObject({ failed: true });
  });

  it("stops when it is cancelled", async () => {
    const stopping = new AbortController();
    stopping.abort();
    const server = new Server();
    const going = sendInPieces(aFile(), {
      begin: BEGIN, ask: server.ask, signal: stopping.signal, pause: () => Promise.resolve(), tell: () => undefined,
    });
    await expect(going).rejects.toThrow();
    expect(server.log).toEqual([]);
  });
});

describe("the checksum", () => {
  const bytes = new TextEncoder().encode("123456789");

  it("is the CRC-32 that everybody computes", () => {
    expect(crc32(bytes)).toBe(0xcbf43926);
  });

  it("goes on from what came before", () => {
    expect(crc32(bytes.slice(4), crc32(bytes.slice(0, 4)))).toBe(crc32(bytes));
  });
});
