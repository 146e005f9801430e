import { expect, test } from "vitest";

import { relativeWords } from "../lib/relative.ts";

test("a moment ago is told in the reader's language", () => {
  expect(relativeWords(-12 * 60, "vi")).toBe("12 phút trước");
  expect(relativeWords(-12 * 60, "en")).toBe("12 minutes ago");
});

test("what is to come is told too", () => {
  expect(relativeWords(2 * 3600 + 5, "en")).toBe("in 2 hours");
});

test("a far time keeps its date", () => {
  expect(relativeWords(8 * 86_400, "vi")).toBeNull();
});
