const CAN_HAVE_FOCUS = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Where the focus is, in words that outlive a swap: the n-th control inside the element with an id. */
export interface FocusPlace {
  id: string;
  index: number;
}

/** Say where the focus is; null when nothing on the page has it. */
export function focusPlace(): FocusPlace | null {
  const active = document.activeElement;
  const home = active?.closest("[id]");
  if (!active || !home || active === document.body) return null;
  return { id: home.id, index: home === active ? -1 : [...home.querySelectorAll(CAN_HAVE_FOCUS)].indexOf(active) };
}

/** Give the focus back when a swap took it away; where it was set meanwhile it stays. */
export function giveFocusBack(place: FocusPlace | null): void {
  if (!place || (document.activeElement && document.activeElement !== document.body)) return;
  const home = document.getElementById(place.id);
  const control = place.index < 0 ? home : home?.querySelectorAll<HTMLElement>(CAN_HAVE_FOCUS)[place.index];
  control?.focus({ preventScroll: true });
}

/** Longer than two swaps that overlap, shorter than anybody needs to leave a control and mean it. */
const OVERLAP_MS = 1000;

/**
 * Keeps the focus through swaps, also when one begins before another has ended: the second finds
 * nothing focused, because the first took its control away a moment ago.
 */
export class FocusKeeper {
  private place: FocusPlace | null = null;
  private notedAt = -Infinity;

  /** Call before a swap. */
  readonly note = (): void => {
    const place = focusPlace();
    const now = performance.now();
    if (place || now - this.notedAt > OVERLAP_MS) this.place = place;
    this.notedAt = now;
  };

  /** Call after a swap. */
  readonly giveBack = (): void => {
    giveFocusBack(this.place);
  };
}
