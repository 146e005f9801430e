import { send } from "../lib/sending.ts";
import { UploadRow } from "../lib/upload-row.ts";

const AT_ONCE = 2;

/**
 * Sends files chosen in its form, or dropped on the page, in pieces that survive a broken line.
 *   <upload-desk data-begin="/w/…/library/uploads/" data-move="…" data-choose="Add files" data-failed="…"> the plain form, a list of what
 *     is not finished (data-name, data-size), library/upload_row.html, an element .upload-rows </upload-desk>
 * data-then="/w/…/library/": it takes one file, and its asset's page is opened then.
 * Without JavaScript the form sends the files by itself.
 */
export class UploadDesk extends HTMLElement {
  private readonly waiting: (() => Promise<void>)[] = [];
  private busy = 0;
  private added: string[] = [];

  connectedCallback(): void {
    this.addEventListener("change", this.chosen);
    this.becomeOneButton();
    document.addEventListener("dragover", this.over);
    document.addEventListener("drop", this.dropped);
    addEventListener("beforeunload", this.leaving);
  }

  disconnectedCallback(): void {
    document.removeEventListener("dragover", this.over);
    document.removeEventListener("drop", this.dropped);
    removeEventListener("beforeunload", this.leaving);
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector("form");
  }

  /** Choosing is sending here: the field's label is the button, and it speaks the page's language. */
  private becomeOneButton(): void {
    const label = this.form?.querySelector("label");
    const field = this.form?.querySelector("input[type=file]");
    if (!label || !field) return;
    label.className = "button button-primary upload-choose";
    label.textContent = this.dataset.choose ?? label.textContent;
    field.className = "upload-field";
    this.form?.querySelector<HTMLElement>("[type=submit]")?.setAttribute("hidden", "");
  }

  private readonly over = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  };

  private readonly dropped = (event: DragEvent): void => {
    const files = Array.from(event.dataTransfer?.files ?? []);
    if (!files.length) return;
    event.preventDefault();
    this.take(files);
  };

  private readonly chosen = (event: Event): void => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.type !== "file") return;
    const files = Array.from(field.files ?? []);
    field.value = "";
    this.take(files);
  };

  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.busy) event.preventDefault();
  };

  private take(files: File[]): void {
    for (const file of this.dataset.then ? files.slice(0, 1) : files) {
      const row = new UploadRow(file);
      this.beginnings(file)?.remove();
      this.querySelector(".upload-rows")?.append(row.element);
      this.waiting.push(() => this.send(file, row));
    }
    this.goOn();
  }

  /** The line of an upload that this file goes on with. */
  private beginnings(file: File): HTMLElement | undefined {
    return Array.from(this.querySelectorAll<HTMLElement>(".upload[data-name]")).find(
      (one) => one.dataset.name === file.name.normalize("NFC") && Number(one.dataset.size) === file.size,
    );
  }

  private goOn(): void {
    while (this.busy < AT_ONCE) {
      const next = this.waiting.shift();
      if (!next) break;
      this.busy += 1;
      void next().finally(() => {
        this.busy -= 1;
        this.goOn();
      });
    }
    if (!this.busy && this.added.length) void this.showAdded();
  }

  private async send(file: File, row: UploadRow): Promise<void> {
    const to = { plain: this.form?.action ?? "", begin: this.dataset.begin ?? "" };
    const sent = await send(file, to, row.tell, row.signal);
    if (sent?.ids.length) this.added.push(...sent.ids.map(String));
    if (!sent || sent.ids.length) row.element.remove();
    else row.end(sent.refusals.join(" ") || (this.dataset.failed ?? ""));
  }

  /** What is added while a folder is open comes to lie in it. */
  private async moveIntoFolder(ids: string[]): Promise<void> {
    const open = this.form && new FormData(this.form);
    if (!open?.get("folder")) return;
    open.delete("file");
    open.set("do", "move");
    for (const id of ids) open.append("asset", id);
    await fetch(this.dataset.move ?? "", { method: "POST", body: open });
  }

  /** Show what the library holds now, and keep the sentences about what was refused. */
  private async showAdded(): Promise<void> {
    if (this.dataset.then) {
      location.assign(`${this.dataset.then}${this.added.splice(0)[0] ?? ""}/`);
      return;
    }
    await this.moveIntoFolder(this.added.splice(0));
    const page = await fetch(location.href);
    const shelf = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("#shelf");
    if (page.ok && shelf) document.querySelector("#shelf")?.replaceWith(document.adoptNode(shelf));
  }
}

customElements.define("upload-desk", UploadDesk);
