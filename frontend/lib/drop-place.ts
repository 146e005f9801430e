import type { Point } from "./flight.ts";

/** Where a card would land: a day, and maybe one of its free slots. mark: what is highlighted. */
export interface DropPlace {
  day: string;
  slot: string | undefined;
  mark: HTMLElement;
}

/** The place under a point; null beside the calendar. */
export function dropPlaceAt(point: Point): DropPlace | null {
  const under = document.elementFromPoint(point.x, point.y);
  const day = within(under, "[data-day]");
  if (!day?.dataset.day) return null;
  const slot = within(under, "[data-slot]");
  return { day: day.dataset.day, slot: slot?.dataset.slot, mark: slot ?? day };
}

/** The element itself or the nearest one around it that fits `selector`. */
export function within(element: EventTarget | null, selector: string): HTMLElement | null {
  return element instanceof Element ? element.closest<HTMLElement>(selector) : null;
}
