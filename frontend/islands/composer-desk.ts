import { captions, focusAfter, isField } from "../lib/composer-fields.ts";
import { insertAtCaret } from "../lib/insert.ts";
import { ago, Saving } from "../lib/saving.ts";

const PAUSE_MS = 800;
const RETRY_MS = 5_000;
const TICK_MS = 1_000;

interface Context {
  request: { submitter?: HTMLButtonElement | null };
  response?: { status: number };
}

/** What the page held when a request's form was collected, which may be long before it leaves. */
interface Collected {
  typed: number;
  captions: Map<string, string>;
}

/**
 * Keeps what is typed in the form #composer without being asked, and says when it did.
 *   <composer-desk data-saving="…" data-unsaved="…" data-saved="…"> the form </composer-desk>
 * It sends the event "autosave" to the form, which htmx turns into a request; buttons of the form work
 * without it. Other islands ask for a button's order with the event "composer:order".
 */
export class ComposerDesk extends HTMLElement {
  private readonly saving = new Saving();
  private timer = 0;
  private tick = 0;
  private readonly collected = new WeakMap<Context, Collected>();
  private typedMeanwhile = new Map<string, string>();
  private nextOrder = "";

  connectedCallback(): void {
    const form = this.form;
    if (!form) return;
    document.addEventListener("input", this.typed);
    document.addEventListener("change", this.changed);
    document.addEventListener("click", this.clicked);
    this.addEventListener("focusout", this.left);
    this.addEventListener("composer:order", this.ordered);
    form.addEventListener("htmx:config:request", this.collects);
    form.addEventListener("htmx:before:swap", this.remember);
    form.addEventListener("htmx:after:swap", this.restore);
    form.addEventListener("htmx:finally:request", this.cameBack);
    window.addEventListener("beforeunload", this.warn);
    this.tick = window.setInterval(this.sayWhen, TICK_MS);
    this.sayWhen();
  }

  disconnectedCallback(): void {
    document.removeEventListener("input", this.typed);
    document.removeEventListener("change", this.changed);
    document.removeEventListener("click", this.clicked);
    window.removeEventListener("beforeunload", this.warn);
    window.clearInterval(this.tick);
    window.clearTimeout(this.timer);
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector<HTMLFormElement>("form#composer");
  }

  private readonly typed = (event: Event): void => {
    const field = event.target;
    if (!isField(field) || field.form !== this.form || field.type === "file") return;
    if (field.dataset.tabSelect !== undefined || field.dataset.channel !== undefined) return;
    this.saving.touch();
    if (field.dataset.begins && !field.name) this.beginOwnWords(field);
    if (field.id.startsWith("s-")) this.showToFollowers(field);
    this.saveSoon(PAUSE_MS);
  };

  private readonly changed = (event: Event): void => {
    if (isField(event.target) && event.target.dataset.channel !== undefined) this.order("channels");
  };

  private readonly left = (): void => {
    if (this.saving.isDirty) this.saveSoon(0);
  };

  private saveSoon(after_ms: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      // What is typed during a request leaves with the next one, over the state that came back.
      if (!this.saving.isDirty || this.saving.isBusy) return;
      const order = this.nextOrder;
      this.nextOrder = "";
      if (order) this.order(order);
      else this.form?.dispatchEvent(new Event("autosave"));
    }, after_ms);
  }

  private readonly ordered = (event: Event): void => {
    this.order((event as CustomEvent<string>).detail);
  };

  private order(value: string): void {
    const button = document.createElement("button");
    button.name = "do";
    button.value = value;
    button.hidden = true;
    this.form?.append(button);
    this.form?.requestSubmit(button);
    button.remove();
  }

  private readonly clicked = (event: Event): void => {
    if (!(event.target instanceof Element)) return;
    const insert = event.target.closest<HTMLElement>("[data-insert]");
    const field = document.getElementById(insert?.dataset.insertInto ?? "");
    if (insert && field instanceof HTMLTextAreaElement) {
      insert.closest<HTMLElement>("[popover]")?.hidePopover();
      insertAtCaret(field, insert.dataset.insert ?? "");
    }
    const opener = event.target.closest<HTMLElement>("[data-choose-for]");
    const dialog = document.querySelector<HTMLDialogElement>("#choose-assets");
    if (opener && dialog) dialog.dataset.part = opener.dataset.chooseFor ?? "";
    const chosen = event.target.closest<HTMLElement>("[data-choose]");
    if (chosen && dialog) {
      dialog.close();
      this.order(`attach:${dialog.dataset.part ?? ""}:${chosen.dataset.choose ?? ""}`);
    }
  };

  private readonly collects = (event: Event): void => {
    this.collected.set(contextOf(event), { typed: this.saving.collect(), captions: captions() });
    this.say(this.dataset.saving ?? "");
  };

  private readonly cameBack = (event: Event): void => {
    const ctx = contextOf(event);
    const status = ctx.response?.status ?? 0;
    // A conflict keeps what was typed beside the post; a refusal is told on the page.
    const isKept = (status >= 200 && status < 400) || status === 409 || status === 422;
    this.saving.comeBack(this.collected.get(ctx)?.typed ?? 0, isKept);
    if (!isKept) this.say(this.dataset.unsaved ?? "");
    if (this.saving.isDirty) this.saveSoon(isKept ? PAUSE_MS : RETRY_MS);
    focusAfter(ctx.request.submitter?.value ?? "");
  };

  /** Fields that are replaced keep what was typed into them since the request was collected. */
  private readonly remember = (event: Event): void => {
    const before = this.collected.get(contextOf(event))?.captions;
    const now = captions();
    for (const [id, value] of now) if (before?.get(id) === value) now.delete(id);
    this.typedMeanwhile = now;
  };

  private readonly restore = (): void => {
    for (const [id, value] of this.typedMeanwhile) {
      const field = document.getElementById(id);
      if (field instanceof HTMLTextAreaElement && field.value !== value) field.value = value;
    }
  };

  /** A channel follows until somebody types for it: then its fields get names and are sent. */
  private beginOwnWords(field: HTMLElement): void {
    const panel = field.closest<HTMLElement>("[data-panel]");
    for (const one of panel?.querySelectorAll<HTMLInputElement>("[data-begins]") ?? []) {
      one.name = one.dataset.begins ?? "";
      one.removeAttribute("data-follows");
    }
    this.nextOrder = `own:${panel?.dataset.panel ?? ""}`;
  }

  private showToFollowers(field: HTMLElement & { value: string }): void {
    const number = /^s-p(\d+)-caption$/.exec(field.id)?.[1] ?? "";
    const followers = document.querySelectorAll<HTMLTextAreaElement>(`textarea[data-follows="${number}"]`);
    for (const follower of followers) follower.value = field.value;
  }

  private say(words: string): void {
    const place = document.querySelector("#composer-kept .composer-kept-words");
    if (place) place.textContent = words;
  }

  private readonly sayWhen = (): void => {
    const at = document.getElementById("composer-kept")?.dataset.at;
    if (!at || this.saving.isBusy || this.saving.isDirty) return;
    const words = ago((Date.now() - Date.parse(at)) / 1000, document.documentElement.lang || "vi");
    this.say(`${this.dataset.saved ?? ""} ${words}`);
  };

  private readonly warn = (event: BeforeUnloadEvent): void => {
    if (this.saving.isDirty && !this.saving.isBusy) event.preventDefault();
  };
}

function contextOf(event: Event): Context {
  return (event as CustomEvent<{ ctx: Context }>).detail.ctx;
}

customElements.define("composer-desk", ComposerDesk);
