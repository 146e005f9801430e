import { FocusKeeper } from "../lib/focus.ts";
import { cares, readChange, type Change } from "../lib/live.ts";

const POLL_MS = 15_000;
const RETRY_MS = 60_000;
const GATHER_MS = 150;
const HIDDEN_MS = 5_000;

/**
 * Tells parts of the page that their subject changed.
 *   <live-updates src="/live/ben/?since=1790000000000"></live-updates>
 *   <div data-live="delivery:42" hx-get="..." hx-trigger="live" hx-swap="outerMorph">
 * The stream begins with what changed since the page was asked for, also after a gap. While it
 * is down, every listening part is refreshed each 15 s instead. A page that is not looked at
 * gives its connection back, because a browser has only six for one address. What is swapped in
 * never takes the focus away.
 */
export class LiveUpdates extends HTMLElement {
  private stream: EventSource | null = null;
  private poll = 0;
  private retry = 0;
  private gathering = 0;
  private hiding = 0;
  private readonly kept = new FocusKeeper();
  private readonly heard: Change[] = [];

  connectedCallback(): void {
    document.addEventListener("visibilitychange", this.seen);
    document.addEventListener("htmx:before:swap", this.kept.note);
    document.addEventListener("htmx:after:swap", this.kept.giveBack);
    if (!document.hidden) this.open();
  }

  disconnectedCallback(): void {
    this.close();
    document.removeEventListener("visibilitychange", this.seen);
    document.removeEventListener("htmx:before:swap", this.kept.note);
    document.removeEventListener("htmx:after:swap", this.kept.giveBack);
  }

  private open(): void {
    const source = this.getAttribute("src");
    if (!source) return;
    this.stream?.close();
    this.stream = new EventSource(source);
    this.stream.addEventListener("open", this.works);
    this.stream.addEventListener("error", this.fails);
    this.stream.addEventListener("change", this.hear);
  }

  private close(): void {
    this.stream?.close();
    this.stream = null;
    window.clearInterval(this.poll);
    for (const timer of [this.retry, this.gathering, this.hiding]) window.clearTimeout(timer);
    this.poll = 0;
  }

  private readonly works = (): void => {
    window.clearInterval(this.poll);
    this.poll = 0;
    this.removeAttribute("polling");
  };

  private readonly fails = (): void => {
    if (!this.poll) this.poll = window.setInterval(() => { this.refresh(); }, POLL_MS);
    this.setAttribute("polling", "");
    if (this.stream?.readyState !== EventSource.CLOSED) return; // the browser tries again itself
    window.clearTimeout(this.retry);
    this.retry = window.setTimeout(() => { this.open(); }, RETRY_MS);
  };

  private readonly hear = (event: MessageEvent<string>): void => {
    const change = readChange(event.data);
    if (!change) return;
    this.heard.push(change);
    window.clearTimeout(this.gathering);
    this.gathering = window.setTimeout(() => {
      const changes = this.heard.splice(0);
      this.refresh((wanted) => changes.some((one) => cares(wanted, one)));
    }, GATHER_MS);
  };

  private readonly seen = (): void => {
    window.clearTimeout(this.hiding);
    if (document.hidden) this.hiding = window.setTimeout(() => { this.close(); }, HIDDEN_MS);
    else if (!this.stream || this.stream.readyState === EventSource.CLOSED) this.open();
  };

  private refresh(concerns: (wanted: string) => boolean = () => true): void {
    for (const part of this.parts()) {
      if (concerns(part.dataset.live ?? "")) part.dispatchEvent(new CustomEvent("live"));
    }
  }

  private parts(): NodeListOf<HTMLElement> {
    return document.querySelectorAll<HTMLElement>("[data-live]");
  }
}

customElements.define("live-updates", LiveUpdates);
