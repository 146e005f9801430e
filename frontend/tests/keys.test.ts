import { expect, test } from "vitest";

import { hintFor, isWriting, meaningOf } from "../lib/keys.ts";

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

test("with the command key held, only what asks for it is pressed", () => {
  const composer = new Set(["⌘↵", "c"]);
  expect(meaningOf(press("Enter", { ctrlKey: true }), "", composer)).toEqual({ kind: "press", key: "⌘↵" });
  expect(meaningOf(press("Enter", { metaKey: true }), "", composer)).toEqual({ kind: "press", key: "⌘↵" });
  expect(meaningOf(press("Enter"), "", composer)).toEqual({ kind: "nothing" });
  expect(meaningOf(press("c", { ctrlKey: true }), "", composer)).toEqual({ kind: "nothing" });
});

test("a hint names the key that this machine has", () => {
  expect(hintFor("⌘K", "MacIntel")).toBe("⌘K");
  expect(hintFor("⌘K", "Win32")).toBe("Ctrl K");
  expect(hintFor("C", "Win32")).toBe("C");
});
