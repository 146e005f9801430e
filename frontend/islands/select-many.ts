import { isWriting } from "../lib/keys.ts";
import { between } from "../lib/range.ts";

/**
 * Ticks many rows: all of them, a range with Shift, the row one is on with x (X: since the last).
 *   <select-many> <form class="select-bar" id="select-rows"> <label hidden> <input data-selects-all> <output> </form>
 *     <li data-row> <input type="checkbox" form="select-rows"> </select-many>
 * The form may also stand around it, with a bar of its own inside (the library).
 * Without JavaScript the checkboxes and the button of the form do the same, one by one.
 */
export class SelectMany extends HTMLElement {
  private last: HTMLInputElement | null = null;

  connectedCallback(): void {
    const all = this.querySelector<HTMLElement>(".select-all");
    if (all) all.hidden = false;
    this.addEventListener("click", this.onClick);
    this.addEventListener("change", this.count);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("htmx:after:swap", this.count);
    this.count();
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("htmx:after:swap", this.count);
  }

  private boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>('input[type="checkbox"][form="select-rows"]')];
  }

  private readonly onClick = (event: Event): void => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
    if ("selectsAll" in box.dataset) {
      for (const one of this.boxes()) one.checked = box.checked;
    } else if (box.form?.id === "select-rows") {
      this.tick(box, box.checked, event instanceof MouseEvent && event.shiftKey);
    }
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const held = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key.toLowerCase() !== "x" || held || event.defaultPrevented) return;
    const focused = document.activeElement;
    const row = focused?.closest("[data-row]");
    const isBox = focused instanceof HTMLInputElement && focused.type === "checkbox";
    if (!row || !this.contains(row) || (isWriting(focused) && !isBox)) return;
    const box = row.querySelector<HTMLInputElement>('input[form="select-rows"]');
    if (!box) return;
    event.preventDefault();
    this.tick(box, !box.checked, event.shiftKey);
    this.count();
  };

  private tick(box: HTMLInputElement, checked: boolean, isRange: boolean): void {
    for (const one of between(this.boxes(), isRange ? this.last : null, box)) one.checked = checked;
    this.last = box;
  }

  private readonly count = (): void => {
    const boxes = this.boxes();
    const ticked = boxes.filter((one) => one.checked).length;
    const output = this.querySelector("output");
    if (output) output.value = String(ticked);
    this.toggleAttribute("has-ticked", ticked > 0);
    const all = this.querySelector<HTMLInputElement>("[data-selects-all]");
    if (!all) return;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
}

customElements.define("select-many", SelectMany);
