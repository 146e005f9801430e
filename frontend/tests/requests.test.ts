import { expect, test } from "vitest";

import { judge, sentenceFor } from "../lib/requests.ts";

test("refusals that carry a fragment are shown where they belong", () => {
  expect(judge({ status: 422, redirected: false })).toBe("swap");
  expect(judge({ status: 409, redirected: false })).toBe("swap");
  expect(judge({ status: 200, redirected: false })).toBe("swap");
});

test("a redirect is a navigation, also when the session ended", () => {
  expect(judge({ status: 200, redirected: true })).toBe("go");
});

test("a broken answer never replaces what the person sees", () => {
  for (const status of [400, 403, 404, 429, 500, 503]) {
    expect(judge({ status, redirected: false })).toBe("tell");
  }
});

test("each failure has its sentence", () => {
  const words = { failed: "broken", forbidden: "no", gone: "gone", busy: "wait", offline: "away" };
  expect([0, 403, 404, 429, 500].map((status) => sentenceFor(status, words))).toEqual([
    "away",
    "no",
    "gone",
    "wait",
    "broken",
  ]);
});
