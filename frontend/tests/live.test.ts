import { expect, test } from "vitest";

import { cares, readChange } from "../lib/live.ts";

const aDelivery = { topic: "delivery", id: "42" };

test("a part that names one delivery hears that one only", () => {
  expect(cares("delivery:42", aDelivery)).toBe(true);
  expect(cares("delivery:7", aDelivery)).toBe(false);
});

test("a part that names a topic hears all of it", () => {
  expect(cares("delivery", aDelivery)).toBe(true);
  expect(cares("post", aDelivery)).toBe(false);
  expect(cares("post delivery", aDelivery)).toBe(true);
});

test("a change of no single thing reaches the parts of each", () => {
  expect(cares("delivery:7", { topic: "delivery", id: "" })).toBe(true);
});

test("after a gap everybody looks again", () => {
  expect(cares("post:3", { topic: "everything", id: "0" })).toBe(true);
});

test("what is not a change is passed over", () => {
  expect(readChange("hello")).toBeNull();
  expect(readChange("null")).toBeNull();
  expect(readChange('{"topic": 3}')).toBeNull();
  expect(readChange('{"topic": "delivery", "id": 42}')).toEqual(aDelivery);
});
