import { bytesOverBy, captionLength, type TextRules } from "../lib/caption.ts";

const NEAR = 0.9;

/**
 * Shows how much room a caption has left, counted as the platform counts.
 *   <caption-meter data-rules='{"max_chars": 500, ...}' data-over="Too long by {count}">
 *     <textarea></textarea> <output class="counter"></output> </caption-meter>
 * A field marked data-spoiler inside counts too. Without JavaScript the server's count stands and
 * the server checks again in any case.
 */
export class CaptionMeter extends HTMLElement {
  static readonly observedAttributes = ["data-rules"];

  connectedCallback(): void {
    this.addEventListener("input", this.measure);
    this.measure();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.measure();
  }

  private readonly measure = (): void => {
    const field = this.querySelector("textarea");
    const output = this.querySelector("output");
    if (!field || !output || !this.dataset.rules) return;
    const rules = JSON.parse(this.dataset.rules) as TextRules; // written by Limits.to_json()
    const spoiler = this.querySelector<HTMLInputElement>("[data-spoiler]")?.value ?? "";
    const used = captionLength(field.value, rules, spoiler);
    const heavy = bytesOverBy(field.value, rules);
    const over = used - rules.max_chars;
    output.value = this.words(used, rules.max_chars, over, heavy);
    output.classList.toggle("counter-over", over > 0 || heavy > 0);
    output.classList.toggle("counter-near", over <= 0 && heavy === 0 && used >= rules.max_chars * NEAR);
  };

  private words(used: number, limit: number, over: number, heavy: number): string {
    const write = (count: number): string => count.toLocaleString(document.documentElement.lang || "vi");
    if (over > 0) return (this.dataset.over ?? "−{count}").replace("{count}", write(over));
    if (heavy > 0) return (this.dataset.heavy ?? "−{count} B").replace("{count}", write(heavy));
    return `${write(used)} / ${write(limit)}`;
  }
}

customElements.define("caption-meter", CaptionMeter);
