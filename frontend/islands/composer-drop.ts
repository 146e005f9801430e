import { send } from "../lib/sending.ts";
import { showToast } from "../lib/toast.ts";
import type { Sent } from "../lib/upload.ts";
import { UploadRow } from "../lib/upload-row.ts";

/**
 * Takes pictures that are dropped on a part, pasted into it or chosen, and shows how far each is.
 *   <composer-drop data-part="s:0" data-upload="/w/…/library/upload/" data-begin="/w/…/library/uploads/"
 *     data-limit="40000000" data-too-large="“{name}” is too large"> tiles, a file field, library/upload_row.html </composer-drop>
 * Without JavaScript the file field is sent with the form.
 */
export class ComposerDrop extends HTMLElement {
  connectedCallback(): void {
    this.place?.addEventListener("dragover", this.over);
    this.place?.addEventListener("dragleave", this.out);
    this.place?.addEventListener("drop", this.dropped);
    this.place?.addEventListener("paste", this.pasted);
    this.addEventListener("change", this.chosen);
  }

  disconnectedCallback(): void {
    this.place?.removeEventListener("dragover", this.over);
  }

  private get place(): HTMLElement | null {
    return this.closest<HTMLElement>("[data-part]:not(composer-drop)");
  }

  private readonly over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.place?.classList.add("is-dropped-on");
  };

  private readonly out = (): void => {
    this.place?.classList.remove("is-dropped-on");
  };

  private readonly dropped = (event: DragEvent): void => {
    this.out();
    const files = picturesOf(event.dataTransfer);
    if (!files.length) return;
    event.preventDefault();
    void this.take(files);
  };

  private readonly pasted = (event: ClipboardEvent): void => {
    const files = picturesOf(event.clipboardData);
    if (!files.length) return; // text is pasted as ever
    event.preventDefault();
    void this.take(files);
  };

  private readonly chosen = (event: Event): void => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.type !== "file") return;
    const files = Array.from(field.files ?? []);
    field.value = ""; // else the form would send them once more
    void this.take(files);
  };

  private async take(files: File[]): Promise<void> {
    const ids: string[] = [];
    for (const file of files) {
      const sent = await this.send(file);
      for (const words of sent.refusals) this.tell(words);
      ids.push(...sent.ids);
    }
    if (!ids.length) return;
    const detail = `attach:${this.dataset.part ?? ""}:${ids.join(",")}`;
    this.dispatchEvent(new CustomEvent("composer:order", { detail, bubbles: true }));
  }

  private async send(file: File): Promise<Sent> {
    if (file.size > Number(this.dataset.limit)) {
      return { ids: [], refusals: [(this.dataset.tooLarge ?? "").replace("{name}", file.name)] };
    }
    const row = new UploadRow(file);
    this.querySelector(".shot-drop")?.before(row.element);
    const to = { plain: this.dataset.upload ?? "", begin: this.dataset.begin ?? "" };
    const sent = await send(file, to, row.tell, row.signal);
    row.element.remove();
    if (sent?.failed) return { ids: [], refusals: [this.failed] };
    return sent ?? { ids: [], refusals: [] };
  }

  private get failed(): string {
    return document.querySelector<HTMLElement>("toast-region")?.dataset.failed ?? "";
  }

  private tell(words: string): void {
    const region = document.querySelector<HTMLElement>("toast-region");
    if (region) showToast(region, words, "lacquer");
  }
}

function picturesOf(data: DataTransfer | null): File[] {
  return Array.from(data?.files ?? []);
}

customElements.define("composer-drop", ComposerDrop);
