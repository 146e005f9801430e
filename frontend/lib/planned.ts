const DAY_MS = 86_400_000;

/** The day `by` days after an ISO day: no clock, no zone, only the calendar. */
export function shiftDay(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
}

/** What a form sends for a card dropped on a day: the card's own time, or that of a free slot. */
export function plannedFor(day: string, cardTime: string, slotTime?: string): string {
  return `${day}T${slotTime ?? cardTime}`;
}

/** How many days an arrow with Alt means; 0 for any other key. Up and down are weeks. */
export function daysOf(key: string): number {
  return { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[key] ?? 0;
}

/** Has the pointer gone far enough to mean a drag and not a click? */
export function isDrag(from: { x: number; y: number }, to: { x: number; y: number }): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) > 6;
}
