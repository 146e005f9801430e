import { expect, test } from "vitest";

import { between } from "../lib/range.ts";

const all = ["a", "b", "c", "d"];

test("a range reaches both ways and holds both its ends", () => {
  expect(between(all, "b", "d")).toEqual(["b", "c", "d"]);
  expect(between(all, "d", "b")).toEqual(["b", "c", "d"]);
});

test("without a beginning, or with one that is gone, only the end is meant", () => {
  expect(between(all, null, "c")).toEqual(["c"]);
  expect(between(all, "x", "c")).toEqual(["c"]);
  expect(between(all, "a", "x")).toEqual([]);
});
