import { expect, test } from "vitest";

import { isWriting, meaningOf } from "../lib/keys.ts";

const offered = new Set(["c", "/", "g t", "g c"]);
const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test("c presses what offers c", () => {
  expect(meaningOf(press("c"), "", offered)).toEqual({ kind: "press", key: "c" });
});

test("g waits for a letter, then goes there", () => {
  expect(meaningOf(press("g"), "", offered)).toEqual({ kind: "wait", sequence: "g" });
  expect(meaningOf(press("c"), "g", offered)).toEqual({ kind: "press", key: "g c" });
  expect(meaningOf(press("x"), "g", offered)).toEqual({ kind: "nothing" });
});

test("the browser's own shortcuts are left alone", () => {
  expect(meaningOf(press("c", { ctrlKey: true }), "", offered)).toEqual({ kind: "nothing" });
  expect(meaningOf(press("c", { metaKey: true }), "", offered)).toEqual({ kind: "nothing" });
});

test("a key nobody offers does nothing", () => {
  expect(meaningOf(press("c"), "", new Set())).toEqual({ kind: "nothing" });
  expect(meaningOf(press("g"), "", new Set(["c"]))).toEqual({ kind: "nothing" });
});

test("j and k move, and ? helps", () => {
  expect(meaningOf(press("j"), "", offered)).toEqual({ kind: "move", by: 1 });
  expect(meaningOf(press("k"), "", offered)).toEqual({ kind: "move", by: -1 });
  expect(meaningOf(press("?"), "", offered)).toEqual({ kind: "help" });
});

test("with caps lock on, keys mean the same", () => {
  expect(meaningOf(press("C"), "", offered)).toEqual({ kind: "press", key: "c" });
});

test("somebody who writes keeps their keys", () => {
  const box = document.createElement("input");
  box.type = "checkbox";
  expect(isWriting(document.createElement("textarea"))).toBe(true);
  expect(isWriting(document.createElement("input"))).toBe(true);
  expect(isWriting(box)).toBe(false);
  expect(isWriting(document.createElement("a"))).toBe(false);
  expect(isWriting(null)).toBe(false);
});
