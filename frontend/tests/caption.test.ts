import { describe, expect, test } from "vitest";

import { bytesOverBy, captionLength, type TextRules } from "../lib/caption.ts";
import shared from "./counting_cases.json" with { type: "json" };

interface Case {
  name: string;
  rules: string;
  text: string;
  times?: number;
  spoiler?: string;
  length: number;
  over_by?: number;
  bytes_over_by?: number;
}

const rulesOf = shared.rules as Record<string, TextRules>; // written by hand to this form
const cases = shared.cases as Case[];

describe("a caption costs what its platform says", () => {
  test.each(cases)("$rules: $name", (one) => {
    const rules = rulesOf[one.rules];
    if (!rules) throw new Error(`no rules called ${one.rules}`);
    const caption = one.text.repeat(one.times ?? 1);
    const length = captionLength(caption, rules, one.spoiler);

    expect(length).toBe(one.length);
    if (one.over_by !== undefined) expect(Math.max(length - rules.max_chars, 0)).toBe(one.over_by);
    if (one.bytes_over_by !== undefined) expect(bytesOverBy(caption, rules)).toBe(one.bytes_over_by);
  });
});

test("there are cases to run", () => {
  expect(cases.length).toBeGreaterThan(20);
});
