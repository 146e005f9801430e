import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";

import type { Plugin } from "vite";

const require = createRequire(import.meta.url);
const WOFF_HEAD = 44;
const WOFF_ENTRY = 20;
const SFNT_ENTRY = 16;
const FAMILY_NAMES = new Set([1, 4, 6, 16]);

/** Turn a WOFF into the TrueType font it packs, under a family name of its own. */
export function toTrueType(woff: Buffer, family: string): Buffer {
  if (woff.toString("latin1", 0, 4) !== "wOFF") throw new Error("not a WOFF font");
  const count = woff.readUInt16BE(12);
  const tables: { entry: Buffer; content: Buffer }[] = [];
  for (let place = 0; place < count; place += 1) {
    const at = WOFF_HEAD + WOFF_ENTRY * place;
    const [start, packed, size] = [woff.readUInt32BE(at + 4), woff.readUInt32BE(at + 8), woff.readUInt32BE(at + 12)];
    const raw = woff.subarray(start, start + packed);
    const content = packed < size ? inflateSync(raw) : raw;
    const isName = woff.toString("latin1", at, at + 4) === "name";
    tables.push({ entry: woff.subarray(at, at + WOFF_ENTRY), content: isName ? renamed(content, family) : content });
  }
  return joined(woff.readUInt32BE(4), tables);
}

/** Join tables to a font file; the tables keep their order and begin at multiples of four. */
function joined(flavour: number, tables: { entry: Buffer; content: Buffer }[]): Buffer {
  const head = Buffer.alloc(12);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  head.writeUInt32BE(flavour, 0);
  head.writeUInt16BE(tables.length, 4);
  head.writeUInt16BE(power * 16, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE(tables.length * 16 - power * 16, 10);
  let offset = 12 + SFNT_ENTRY * tables.length;
  const directory: Buffer[] = [];
  const bodies: Buffer[] = [];
  for (const { entry, content } of tables) {
    const line = Buffer.alloc(SFNT_ENTRY);
    entry.copy(line, 0, 0, 4);
    entry.copy(line, 4, 16, 20);
    line.writeUInt32BE(offset, 8);
    line.writeUInt32BE(content.length, 12);
    directory.push(line);
    const padded = Buffer.alloc(Math.ceil(content.length / 4) * 4);
    content.copy(padded);
    bodies.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([head, ...directory, ...bodies]);
}

/** Write the family name anew: the subsets of one font would else hide each other. */
function renamed(table: Buffer, family: string): Buffer {
  const count = table.readUInt16BE(2);
  const strings = table.readUInt16BE(4);
  const head = Buffer.from(table.subarray(0, strings));
  const texts: Buffer[] = [];
  let offset = 0;
  for (let place = 0; place < count; place += 1) {
    const at = 6 + 12 * place;
    const [id, size, start] = [head.readUInt16BE(at + 6), head.readUInt16BE(at + 8), head.readUInt16BE(at + 10)];
    const kept = table.subarray(strings + start, strings + start + size);
    const text = FAMILY_NAMES.has(id) ? Buffer.from(family, "utf16le").swap16() : kept;
    head.writeUInt16BE(text.length, at + 8);
    head.writeUInt16BE(offset, at + 10);
    texts.push(text);
    offset += text.length;
  }
  return Buffer.concat([head, ...texts]);
}

/** Emit the fonts that documents are set in: what browsers read, a typesetter does not. */
export function printFonts(subsets: readonly string[], weights: readonly number[]): Plugin {
  return {
    name: "loa-print-fonts",
    apply: "build",
    buildStart() {
      for (const subset of subsets) {
        for (const weight of weights) {
          const file = `@fontsource/be-vietnam-pro/files/be-vietnam-pro-${subset}-${String(weight)}-normal.woff`;
          const source = toTrueType(readFileSync(require.resolve(file)), `Loa ${subset}`);
          this.emitFile({ type: "asset", fileName: `print/${subset}-${String(weight)}.ttf`, source });
        }
      }
    },
  };
}
