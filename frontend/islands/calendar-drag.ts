import { dropPlaceAt, within } from "../lib/drop-place.ts";
import { Flight, type Point } from "../lib/flight.ts";
import { daysOf, isDrag, plannedFor, shiftDay } from "../lib/planned.ts";

const HOLD_MS = 350;
const EDGE_PX = 56;
const SCROLL_PX = 14;

/**
 * Gives posts other days by dragging their cards, or with Alt and an arrow; m opens the form.
 *   <calendar-drag> <section data-day="2026-11-18"> <li data-card="post=7&variant=8" data-time="20:00" data-movable>
 *     <a data-slot="20:00"> ... <form class="calendar-drop" hx-post hidden> </calendar-drag>
 * A finger holds a card for a moment first, so that it can still scroll. Without JavaScript
 * every card links to the same form as a page.
 */
export class CalendarDrag extends HTMLElement {
  private card: HTMLElement | null = null;
  private flight: Flight | null = null;
  private start: Point = { x: 0, y: 0 };
  private hold = 0;
  private landed = "";

  connectedCallback(): void {
    this.addEventListener("pointerdown", this.onDown);
    this.addEventListener("keydown", this.onKey);
    this.addEventListener("click", this.onClick, true);
    this.addEventListener("contextmenu", this.onContextMenu);
    document.addEventListener("moved", this.onMoved);
    document.addEventListener("htmx:after:swap", this.onSwapped);
  }

  disconnectedCallback(): void {
    this.letGo();
    document.removeEventListener("moved", this.onMoved);
    document.removeEventListener("htmx:after:swap", this.onSwapped);
  }

  private readonly onDown = (event: PointerEvent): void => {
    const card = within(event.target, "[data-movable]");
    if (!card || event.button !== 0 || within(event.target, ".card-move")) return;
    this.card = card;
    this.start = { x: event.clientX, y: event.clientY };
    if (event.pointerType === "touch") this.hold = window.setTimeout(() => { this.lift(); }, HOLD_MS);
    document.addEventListener("pointermove", this.onPointerMove);
    document.addEventListener("pointerup", this.onUp);
    document.addEventListener("pointercancel", this.letGo);
    document.addEventListener("keydown", this.onEscape, true);
    document.addEventListener("touchmove", this.keepStill, { passive: false });
  };

  private readonly onPointerMove = (event: PointerEvent): void => {
    const here = { x: event.clientX, y: event.clientY };
    if (!this.flight) {
      if (!isDrag(this.start, here)) return;
      if (event.pointerType === "touch") { this.letGo(); return; } // it scrolls
      this.lift();
    }
    event.preventDefault();
    this.flight?.to(here);
    this.unmark();
    dropPlaceAt(here)?.mark.setAttribute("data-drop", "");
    if (here.y < EDGE_PX) window.scrollBy(0, -SCROLL_PX);
    else if (here.y > window.innerHeight - EDGE_PX) window.scrollBy(0, SCROLL_PX);
  };

  private readonly onUp = (event: PointerEvent): void => {
    const place = this.flight ? dropPlaceAt({ x: event.clientX, y: event.clientY }) : null;
    const card = this.card;
    this.letGo();
    if (!card || !place) return;
    const isOtherTime = place.slot !== undefined && place.slot !== card.dataset.time;
    if (place.day !== dayOf(card) || isOtherTime) this.move(card, place.day, place.slot);
  };

  private readonly onEscape = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.letGo();
  };

  private readonly keepStill = (event: TouchEvent): void => {
    if (this.flight) event.preventDefault();
  };

  /** A held finger asks for the browser's menu; while it carries a card it may not. */
  private readonly onContextMenu = (event: Event): void => {
    if (this.flight) event.preventDefault();
  };

  /** Right after a drag the browser sends a click to the card's link. */
  private readonly onClick = (event: Event): void => {
    if (!this.hasAttribute("dropping")) return;
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const card = within(event.target, "[data-movable]");
    const day = card ? dayOf(card) : undefined;
    if (!card || !day || event.ctrlKey || event.metaKey) return;
    const by = event.altKey ? daysOf(event.key) : 0;
    if (by) this.move(card, shiftDay(day, by));
    else if (event.key === "m" && !event.altKey) card.querySelector<HTMLElement>(".card-move")?.click();
    else return;
    event.preventDefault();
  };

  private lift(): void {
    if (!this.card) return;
    this.flight = new Flight(this.card, this.start);
    this.card.setAttribute("data-lifted", "");
    this.setAttribute("dragging", "");
    this.setAttribute("dropping", "");
  }

  private unmark(): void {
    for (const one of this.querySelectorAll("[data-drop]")) one.removeAttribute("data-drop");
  }

  private readonly letGo = (): void => {
    window.clearTimeout(this.hold);
    document.removeEventListener("pointermove", this.onPointerMove);
    document.removeEventListener("pointerup", this.onUp);
    document.removeEventListener("pointercancel", this.letGo);
    document.removeEventListener("keydown", this.onEscape, true);
    document.removeEventListener("touchmove", this.keepStill);
    this.unmark();
    this.card?.removeAttribute("data-lifted");
    this.flight?.end();
    this.card = this.flight = null;
    this.removeAttribute("dragging");
    window.setTimeout(() => { this.removeAttribute("dropping"); });
  };

  /** Send the same form that the card's link opens. */
  private move(card: HTMLElement, day: string, slot?: string): void {
    const form = this.querySelector<HTMLFormElement>(".calendar-drop");
    if (!form) return;
    for (const old of form.querySelectorAll("[data-filled]")) old.remove();
    const values = new URLSearchParams(card.dataset.card);
    values.set("planned", plannedFor(day, card.dataset.time ?? "", slot));
    for (const [name, value] of values) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      field.setAttribute("data-filled", "");
      form.append(field);
    }
    this.landed = card.id;
    card.setAttribute("data-moving", "");
    form.requestSubmit();
  }

  private readonly onMoved = (): void => {
    document.querySelector<HTMLDialogElement>("#move")?.close();
    const card = this.landed ? document.getElementById(this.landed) : null;
    card?.querySelector<HTMLElement>("a, [tabindex]")?.focus();
    this.landed = "";
  };

  private readonly onSwapped = (event: Event): void => {
    for (const one of this.querySelectorAll("[data-moving]")) one.removeAttribute("data-moving");
    const { ctx } = (event as CustomEvent<{ ctx: { target?: Element; sourceElement?: Element } }>).detail;
    const dialog = document.querySelector<HTMLDialogElement>("#move");
    if (ctx.target?.id !== "move-body" || !dialog || dialog.open) return;
    this.landed = ctx.sourceElement?.closest("[data-card]")?.id ?? "";
    dialog.showModal();
    dialog.querySelector<HTMLInputElement>("[name=planned]")?.focus();
  };
}

function dayOf(card: HTMLElement): string | undefined {
  return card.closest<HTMLElement>("[data-day]")?.dataset.day;
}

customElements.define("calendar-drag", CalendarDrag);
