import { EMOJI, found } from "../lib/emoji.ts";
import { insertAtCaret } from "../lib/insert.ts";

const PER_LINE = 8;

/**
 * Emoji to pick from, found by their Vietnamese or English name without accents.
 *   <composer-emoji popover data-search="Find an emoji" data-nothing="…" data-language="vi"></composer-emoji>
 * Opened by a button with data-insert-into: the id of the field the emoji goes to. Arrow keys walk, Enter picks.
 */
export class ComposerEmoji extends HTMLElement {
  private readonly search = document.createElement("input");
  private readonly grid = document.createElement("div");
  private into = "";

  connectedCallback(): void {
    this.search.type = "search";
    this.search.className = "input";
    this.search.setAttribute("aria-label", this.dataset.search ?? "");
    this.search.placeholder = this.dataset.search ?? "";
    this.search.autofocus = true; // the browser focuses it as it opens: the first letter typed counts
    this.grid.className = "emoji-grid";
    this.replaceChildren(this.search, this.grid);
    this.search.addEventListener("input", this.fill);
    this.addEventListener("click", this.pick);
    this.addEventListener("keydown", this.walk);
    this.addEventListener("beforetoggle", this.opening);
    document.addEventListener("click", this.aim);
  }

  disconnectedCallback(): void {
    document.removeEventListener("click", this.aim);
  }

  private readonly aim = (event: Event): void => {
    const opener = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-insert-into]") : null;
    if (opener) this.into = opener.dataset.insertInto ?? "";
  };

  private readonly opening = (): void => {
    if (!this.grid.childElementCount) this.fill();
  };

  private readonly fill = (): void => {
    const language = this.dataset.language === "en" ? "en" : "vi";
    const shown = this.search.value.trim() ? found(this.search.value) : EMOJI;
    this.grid.replaceChildren(
      ...shown.map((one) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "emoji-pick";
        button.textContent = one.sign;
        button.title = one[language];
        button.setAttribute("aria-label", one[language]);
        return button;
      }),
    );
    if (!shown.length) this.grid.textContent = this.dataset.nothing ?? "";
  };

  private readonly pick = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest(".emoji-pick") : null;
    const field = document.getElementById(this.into);
    if (!button || !(field instanceof HTMLTextAreaElement)) return;
    this.hidePopover();
    insertAtCaret(field, button.textContent);
  };

  private readonly walk = (event: KeyboardEvent): void => {
    const picks = Array.from(this.grid.querySelectorAll<HTMLElement>(".emoji-pick"));
    const here = picks.findIndex((one) => one === document.activeElement);
    const inSearch = document.activeElement === this.search;
    if (inSearch && event.key === "Enter") {
      event.preventDefault();
      picks[0]?.click();
      return;
    }
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: PER_LINE, ArrowUp: -PER_LINE }[event.key];
    if (!by || (inSearch && event.key !== "ArrowDown")) return;
    event.preventDefault();
    if (inSearch) picks[0]?.focus();
    else if (here + by < 0) this.search.focus();
    else picks[Math.min(here + by, picks.length - 1)]?.focus();
  };
}

customElements.define("composer-emoji", ComposerEmoji);
