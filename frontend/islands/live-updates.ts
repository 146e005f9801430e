import { cares, readChange, type Change } from "../lib/live.ts";

const POLL_MS = 15_000;
const RETRY_MS = 60_000;
const GATHER_MS = 150;

/**
 * Tells parts of the page that their subject changed.
 *   <live-updates src="/live/ben/"></live-updates>
 *   <div data-live="delivery:42" hx-get="..." hx-trigger="live" hx-swap="outerMorph">
 * While the stream is down, every listening part is refreshed each 15 s instead.
 */
export class LiveUpdates extends HTMLElement {
  private stream: EventSource | null = null;
  private poll = 0;
  private retry = 0;
  private gathering = 0;
  private readonly waiting: Change[] = [];

  connectedCallback(): void {
    this.open();
    document.addEventListener("visibilitychange", this.seenAgain);
  }

  disconnectedCallback(): void {
    this.stream?.close();
    for (const timer of [this.poll, this.retry, this.gathering]) window.clearTimeout(timer);
    document.removeEventListener("visibilitychange", this.seenAgain);
  }

  private open(): void {
    const source = this.getAttribute("src");
    if (!source) return;
    this.stream?.close();
    this.stream = new EventSource(source);
    this.stream.addEventListener("open", this.works);
    this.stream.addEventListener("error", this.fails);
    this.stream.addEventListener("change", this.hear);
    this.stream.addEventListener("message", this.hear);
  }

  private readonly works = (): void => {
    if (this.poll) this.refresh(null); // whatever happened while nobody listened
    window.clearInterval(this.poll);
    this.poll = 0;
    this.removeAttribute("polling");
  };

  private readonly fails = (): void => {
    if (!this.poll) this.poll = window.setInterval(() => { this.refresh(null); }, POLL_MS);
    this.setAttribute("polling", "");
    if (this.stream?.readyState !== EventSource.CLOSED) return; // the browser tries again itself
    window.clearTimeout(this.retry);
    this.retry = window.setTimeout(() => { this.open(); }, RETRY_MS);
  };

  private readonly hear = (event: MessageEvent<string>): void => {
    const change = readChange(event.data);
    if (!change) return;
    this.waiting.push(change);
    window.clearTimeout(this.gathering);
    this.gathering = window.setTimeout(() => {
      for (const one of this.listening()) {
        if (this.waiting.some((heard) => cares(one.dataset.live ?? "", heard))) tell(one);
      }
      this.waiting.length = 0;
    }, GATHER_MS);
  };

  private readonly seenAgain = (): void => {
    if (!document.hidden && this.stream?.readyState === EventSource.CLOSED) this.open();
  };

  private refresh(change: Change | null): void {
    if (document.hidden) return;
    for (const one of this.listening()) {
      if (!change || cares(one.dataset.live ?? "", change)) tell(one);
    }
  }

  private listening(): NodeListOf<HTMLElement> {
    return document.querySelectorAll<HTMLElement>("[data-live]");
  }
}

function tell(element: HTMLElement): void {
  element.dispatchEvent(new CustomEvent("live"));
}

customElements.define("live-updates", LiveUpdates);
