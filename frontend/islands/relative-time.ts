import { relativeWords } from "../lib/relative.ts";

/**
 * Says how long ago, and keeps saying it.
 *   <relative-time> <time datetime="2026-11-22T09:00:00+07:00">09:00, 22/11</time> </relative-time>
 * Without JavaScript, and for far times, the written time stays. It also stays as the tooltip.
 */
export class RelativeTime extends HTMLElement {
  private timer = 0;
  private written = "";

  connectedCallback(): void {
    const time = this.querySelector("time");
    this.written = time?.getAttribute("title") ?? time?.textContent.trim() ?? "";
    this.paint();
    this.timer = window.setInterval(() => { this.paint(); }, 30_000);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.timer);
  }

  private paint(): void {
    const time = this.querySelector("time");
    if (!time) return;
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    const words = relativeWords(seconds, document.documentElement.lang || "vi");
    time.title = this.written;
    time.textContent = words ?? this.written;
  }
}

customElements.define("relative-time", RelativeTime);
