import { matches } from "../lib/fold.ts";

const PAUSE_MS = 120;

/**
 * Go anywhere, find anything. Wraps a <dialog> with a search form and a list of links:
 *   <command-palette src="/w/ben/go/"> <dialog> <input role="combobox"> <ul role="listbox"> ... </command-palette>
 * The links already there are filtered in the browser; `src` answers ?q= with more <li role="option">.
 * Without JavaScript the search form is an ordinary page.
 */
export class CommandPalette extends HTMLElement {
  private asked: AbortController | null = null;
  private timer = 0;

  connectedCallback(): void {
    document.addEventListener("keydown", this.onShortcut);
    document.addEventListener("click", this.onOpen);
    this.addEventListener("input", this.onInput);
    this.addEventListener("keydown", this.onKey);
    this.addEventListener("click", this.onBackdrop);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onShortcut);
    document.removeEventListener("click", this.onOpen);
    this.asked?.abort();
  }

  private get field(): HTMLInputElement | null {
    return this.querySelector("input");
  }

  private readonly onShortcut = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    this.open();
  };

  private readonly onOpen = (event: Event): void => {
    const opener = event.target instanceof Element ? event.target.closest("[data-opens-palette]") : null;
    if (!opener) return;
    event.preventDefault();
    this.open();
  };

  private open(): void {
    const dialog = this.querySelector("dialog");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    this.field?.select();
    this.filter(this.field?.value ?? "");
  }

  private readonly onBackdrop = (event: Event): void => {
    if (event.target instanceof HTMLDialogElement) event.target.close();
  };

  private readonly onInput = (): void => {
    const question = this.field?.value.trim() ?? "";
    this.filter(question);
    window.clearTimeout(this.timer);
    this.asked?.abort();
    const source = this.getAttribute("src");
    if (!source) return;
    if (!question) { this.show(null); return; }
    this.timer = window.setTimeout(() => { void this.ask(`${source}?q=${encodeURIComponent(question)}`); }, PAUSE_MS);
  };

  private async ask(url: string): Promise<void> {
    this.asked = new AbortController();
    try {
      const answer = await fetch(url, { signal: this.asked.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) return;
      this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // Aborted by the next key, or offline: the links that are here still work.
    }
  }

  /** Put the server's answers after our own links; null takes them away. */
  private show(answer: Document | null): void {
    for (const old of this.querySelectorAll("[data-found]")) old.remove();
    const list = this.querySelector("[role=listbox]");
    for (const option of answer?.querySelectorAll("[role=option]") ?? []) {
      option.setAttribute("data-found", "");
      list?.append(document.adoptNode(option));
    }
    this.mark(this.shown()[0]);
  }

  private filter(question: string): void {
    for (const option of this.querySelectorAll<HTMLElement>("[role=option]:not([data-found])")) {
      option.hidden = !matches(option.textContent, question);
    }
    this.mark(this.shown()[0]);
  }

  private shown(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[role=option]")].filter((option) => !option.hidden);
  }

  private mark(chosen: HTMLElement | undefined): void {
    const options = this.shown();
    options.forEach((option, index) => {
      option.id ||= `palette-option-${index}-${Math.trunc(performance.now())}`;
      option.setAttribute("aria-selected", String(option === chosen));
    });
    if (chosen) this.field?.setAttribute("aria-activedescendant", chosen.id);
    else this.field?.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
    const none = this.querySelector<HTMLElement>("[data-none]");
    if (none) none.hidden = options.length > 0;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return; // a Vietnamese input method is still building the syllable
    const options = this.shown();
    const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") this.mark(options[(here + 1) % options.length]);
    else if (event.key === "ArrowUp") this.mark(options.at((here <= 0 ? options.length : here) - 1));
    else if (event.key === "Enter") options[here]?.querySelector("a")?.click();
    else return;
    event.preventDefault();
  };
}

customElements.define("command-palette", CommandPalette);
