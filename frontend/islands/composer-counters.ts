import { bytesOverBy, captionLength, type TextRules } from "../lib/caption.ts";

const NEAR = 0.9;

/**
 * Counts along while somebody types, for every platform the text goes to.
 *   <composer-counters data-for="id of the field"> <span data-rules='{"max_chars": 500, …}'><output> … </composer-counters>
 * The server's numbers stand until something is typed, and come again with every save; data-more is what
 * links add or save as they go out.
 */
export class ComposerCounters extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener("input", this.typed);
    this.count();
  }

  disconnectedCallback(): void {
    document.removeEventListener("input", this.typed);
  }

  private readonly typed = (event: Event): void => {
    if (event.target instanceof Element && event.target.id === this.dataset.for) this.count();
  };

  private count(): void {
    const field = document.getElementById(this.dataset.for ?? "");
    if (!(field instanceof HTMLTextAreaElement)) return;
    for (const counter of this.querySelectorAll<HTMLElement>("[data-rules]")) {
      const rules = JSON.parse(counter.dataset.rules ?? "null") as TextRules; // written by Limits.to_json()
      const used = captionLength(field.value, rules) + Number(counter.dataset.more ?? 0);
      const bytesLeft = rules.max_bytes === null ? null : rules.max_bytes - Number(counter.dataset.moreBytes ?? 0);
      const isOver = used > rules.max_chars || bytesOverBy(field.value, { ...rules, max_bytes: bytesLeft }) > 0;
      counter.classList.toggle("counter-over", isOver);
      counter.classList.toggle("counter-near", !isOver && used >= rules.max_chars * NEAR);
      const output = counter.querySelector("output");
      if (output) output.textContent = `${write(used)} / ${write(rules.max_chars)}`;
    }
  }
}

function write(count: number): string {
  return count.toLocaleString(document.documentElement.lang || "vi");
}

customElements.define("composer-counters", ComposerCounters);
