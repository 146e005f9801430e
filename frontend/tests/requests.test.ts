import { expect, test } from "vitest";

import { cookie, judge, sentenceFor, type Answered } from "../lib/requests.ts";

const answer = (status: number, more: Partial<Answered> = {}): Answered => ({
  status,
  redirectedTo: null,
  inBackground: false,
  ...more,
});

test("refusals that carry a fragment are shown where they belong", () => {
  for (const status of [200, 409, 422]) expect(judge(answer(status), "/sign-in/")).toBe("swap");
});

test("a redirect is a navigation", () => {
  const elsewhere = answer(200, { redirectedTo: "http://loa.example/w/ben/posts/7/" });
  expect(judge(elsewhere, "/sign-in/")).toBe("go");
});

test("an ended session takes nothing away from who is writing", () => {
  const signIn = answer(200, { redirectedTo: "http://loa.example/sign-in/?next=/w/ben/" });
  expect(judge(signIn, "/sign-in/")).toBe("sign in");
});

test("a broken answer never replaces what the person sees", () => {
  for (const status of [400, 403, 404, 429, 500, 503]) {
    expect(judge(answer(status), "/sign-in/")).toBe("tell");
  }
});

test("nobody is told of a failure they did not cause", () => {
  expect(judge(answer(503, { inBackground: true }), "/sign-in/")).toBe("ignore");
  expect(judge(answer(200, { inBackground: true }), "/sign-in/")).toBe("swap");
});

test("each failure has its sentence", () => {
  const words = { failed: "broken", forbidden: "no", gone: "gone", busy: "wait", offline: "away", signedOut: "in" };
  expect([0, 401, 403, 404, 429, 500].map((status) => sentenceFor(status, words))).toEqual([
    "away",
    "in",
    "no",
    "gone",
    "wait",
    "broken",
  ]);
});

test("a cookie is found by its whole name", () => {
  expect(cookie("loa_csrf", "xloa_csrf=1; loa_csrf=abc; loa_theme=dark")).toBe("abc");
  expect(cookie("nothing", "loa_csrf=abc")).toBe("");
});
