import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { describe, expect, it } from "vitest";

import { toTrueType } from "../build/print-fonts.ts";

const require = createRequire(import.meta.url);
const file = "@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-400-normal.woff";

describe("fonts for documents", () => {
  const font = toTrueType(readFileSync(require.resolve(file)), "Loa vietnamese");

  it("are TrueType with whole tables that begin at multiples of four", () => {
    expect(font.readUInt32BE(0)).toBe(0x00010000);
    const count = font.readUInt16BE(4);
    for (let place = 0; place < count; place += 1) {
      const [start, size] = [font.readUInt32BE(12 + 16 * place + 8), font.readUInt32BE(12 + 16 * place + 12)];
      expect(start % 4).toBe(0);
      expect(start + size).toBeLessThanOrEqual(font.length);
    }
  });

  it("carry a family name of their own, so that subsets stand beside each other", () => {
    expect(font.includes(Buffer.from("Loa vietnamese", "utf16le").swap16())).toBe(true);
  });

  it("refuse what is no WOFF", () => {
    expect(() => toTrueType(Buffer.alloc(64), "x")).toThrow("not a WOFF font");
  });
});
