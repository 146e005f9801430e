import { hintFor, isWriting, meaningOf } from "../lib/keys.ts";

const SEQUENCE_MS = 1_200;
const COMMON = new Set(["c", "/"]); // in the list on every page

/**
 * The keyboard. Anything with data-key="c" or data-key="g t" is clicked, or focused when it is a
 * field; j and k walk through [data-row]; ? opens the list of keys inside this element.
 * Without JavaScript every one of these is still a link, a button or a field.
 */
export class KeyMap extends HTMLElement {
  private sequence = "";
  private timer = 0;

  connectedCallback(): void {
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("htmx:after:settle", this.fitHints);
    this.fitHints();
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("htmx:after:settle", this.fitHints);
  }

  private readonly fitHints = (): void => {
    for (const hint of document.querySelectorAll(".key")) {
      const fitting = hintFor(hint.textContent, navigator.platform);
      if (fitting !== hint.textContent) hint.textContent = fitting;
    }
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const focused = document.activeElement;
    if (event.key === "Escape" && isWriting(focused) && focused instanceof HTMLElement) {
      if (!focused.closest("dialog")) focused.blur();
      return;
    }
    const held = event.ctrlKey || event.metaKey;
    if ((isWriting(focused) && !held) || document.querySelector("dialog[open]")) return;
    const meaning = meaningOf(event, this.sequence, this.offered());
    this.remember(meaning.kind === "wait" ? meaning.sequence : "");
    if (meaning.kind === "nothing") return;
    event.preventDefault();
    if (meaning.kind === "press") this.press(meaning.key);
    if (meaning.kind === "move") this.move(meaning.by);
    if (meaning.kind === "help") this.help();
  };

  private help(): void {
    const section = this.querySelector<HTMLElement>("[data-page-keys]");
    const pattern = section?.querySelector("template")?.content.firstElementChild;
    const lines = [...document.querySelectorAll<HTMLElement>("main [data-key]")]
      .filter((one) => !COMMON.has(one.dataset.key ?? "") && one.checkVisibility())
      .map((one) => keyLine(pattern, one));
    section?.querySelector("ul")?.replaceChildren(...lines.filter((line) => line !== null));
    if (section) section.hidden = lines.length === 0;
    this.querySelector("dialog")?.showModal();
  }

  private remember(sequence: string): void {
    window.clearTimeout(this.timer);
    this.sequence = sequence;
    if (sequence) this.timer = window.setTimeout(() => { this.sequence = ""; }, SEQUENCE_MS);
  }

  private offered(): Set<string> {
    const all = document.querySelectorAll<HTMLElement>("[data-key]");
    return new Set([...all].map((one) => one.dataset.key ?? ""));
  }

  private press(key: string): void {
    const all = document.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    const target = [...all].find((one) => one.checkVisibility()) ?? all[0];
    if (!target) return;
    if (isWriting(target)) target.focus();
    else target.click();
  }

  private move(by: 1 | -1): void {
    const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => row.checkVisibility());
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[Math.min(Math.max(here + by, 0), rows.length - 1)];
    if (!next) return;
    const inside = next.matches("a, button, [tabindex]") ? next : next.querySelector<HTMLElement>("a, button, [tabindex]");
    (inside ?? next).focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

/** One line of the list: what the element is called, and its key. */
function keyLine(pattern: Element | null | undefined, element: HTMLElement): Node | null {
  const line = pattern?.cloneNode(true);
  if (!(line instanceof HTMLElement)) return null;
  const hint = element.querySelector(".key")?.textContent ?? "";
  const named = element.dataset.keyLabel ?? element.title;
  const words = named ? named : element.textContent.replace(hint, "").trim();
  const [wordsPlace, key] = [line.querySelector("span"), line.querySelector(".key")];
  if (wordsPlace) wordsPlace.textContent = words;
  if (key) key.textContent = hintFor(element.dataset.key ?? "", navigator.platform);
  return line;
}

customElements.define("key-map", KeyMap);
