import type { Mood } from "./pieces.ts";

/** A file on its way, shown with a copy of library/upload_row.html, with a button that stops it. */
export class UploadRow {
  readonly element: HTMLElement;
  private readonly stopping = new AbortController();
  private readonly bar: HTMLProgressElement | null;
  private readonly note: HTMLElement | null;

  constructor(file: File) {
    const pattern = document.querySelector<HTMLTemplateElement>("template[data-upload-row]");
    const copy = pattern?.content.firstElementChild?.cloneNode(true);
    this.element = copy instanceof HTMLElement ? copy : document.createElement("div");
    this.element.setAttribute("aria-label", file.name);
    const name = this.element.querySelector(".upload-name");
    if (name) name.textContent = file.name;
    this.bar = this.element.querySelector("progress");
    this.bar?.setAttribute("aria-label", file.name);
    this.note = this.element.querySelector(".upload-note");
    this.element.querySelector("button")?.addEventListener("click", () => { this.stopping.abort(); });
  }

  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  readonly tell = (ratio: number, mood: Mood): void => {
    if (this.bar) {
      if (mood === "checking") this.bar.removeAttribute("value");
      else this.bar.value = ratio;
    }
    const words: Record<Mood, string | undefined> = {
      sending: ratio.toLocaleString(document.documentElement.lang || undefined, { style: "percent" }),
      waiting: this.element.dataset.waiting,
      "signed out": this.element.dataset.signedOut,
      checking: this.element.dataset.checking,
    };
    this.say(words[mood] ?? "");
    this.element.classList.toggle("is-waiting", mood === "waiting" || mood === "signed out");
  };

  /** Show how it ended, when that is no asset. */
  end(words: string): void {
    this.say(words);
    this.element.classList.add("is-refused");
    this.bar?.remove();
    this.element.querySelector("button")?.remove();
  }

  private say(words: string): void {
    if (this.note && this.note.textContent !== words) this.note.textContent = words;
  }
}
