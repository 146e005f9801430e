import { expect, test } from "vitest";

import { fold, matches } from "../lib/fold.ts";

test("marks and tones do not matter", () => {
  expect(fold("Cà phê Đắk Lắk")).toBe("ca phe dak lak");
  expect(matches("Lịch biên tập", "lich")).toBe(true);
  expect(matches("Soạn bài", "bai so")).toBe(true);
});

test("a word is found by its beginning, not its middle", () => {
  expect(matches("Kênh", "enh")).toBe(false);
});

test("nothing asked finds everything", () => {
  expect(matches("Hôm nay", " ")).toBe(true);
});
