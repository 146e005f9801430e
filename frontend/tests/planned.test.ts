import { expect, test } from "vitest";

import { daysOf, isDrag, plannedFor, shiftDay } from "../lib/planned.ts";

test("a day later is the next one of the calendar, also over months and years", () => {
  expect(shiftDay("2026-11-30", 1)).toBe("2026-12-01");
  expect(shiftDay("2026-12-31", 1)).toBe("2027-01-01");
  expect(shiftDay("2028-03-01", -1)).toBe("2028-02-29");
});

test("a week is seven days, also when the clock changes", () => {
  expect(shiftDay("2027-03-10", 7)).toBe("2027-03-17");
  expect(shiftDay("2027-11-10", -7)).toBe("2027-11-03");
});

test("a card keeps its time unless it is dropped on a free slot", () => {
  expect(plannedFor("2026-11-18", "07:30")).toBe("2026-11-18T07:30");
  expect(plannedFor("2026-11-18", "07:30", "20:00")).toBe("2026-11-18T20:00");
});

test("arrows to the side are days, up and down are weeks, other keys nothing", () => {
  expect(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "a"].map(daysOf)).toEqual([-1, 1, -7, 7, 0]);
});

test("a trembling hand clicks and does not drag", () => {
  expect(isDrag({ x: 10, y: 10 }, { x: 13, y: 13 })).toBe(false);
  expect(isDrag({ x: 10, y: 10 }, { x: 10, y: 18 })).toBe(true);
});
