/**
 * Says how many of its pictures are ticked, ticks all of them, and a stretch of them with Shift.
 *   <choose-many data-words="{count} chosen"> <output></output> <button data-select-all hidden> … checkboxes </choose-many>
 * Ticks and buttons are a plain form, which works by itself.
 */
export class ChooseMany extends HTMLElement {
  private last: HTMLInputElement | null = null;

  connectedCallback(): void {
    const all = this.querySelector<HTMLButtonElement>("[data-select-all]");
    if (all) all.hidden = false;
    this.addEventListener("click", this.pick);
    this.addEventListener("change", this.count);
    this.count();
  }

  private get ticks(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>("input[type=checkbox][name=asset]")];
  }

  private readonly pick = (event: MouseEvent): void => {
    if (!(event.target instanceof HTMLElement)) return;
    const ticks = this.ticks;
    if (event.target.closest("[data-select-all]")) {
      const wanted = ticks.some((one) => !one.checked);
      for (const one of ticks) one.checked = wanted;
      this.count();
      return;
    }
    const tick = ticks.find((one) => one === event.target);
    if (!tick) return;
    const [from, to] = [this.last ? ticks.indexOf(this.last) : -1, ticks.indexOf(tick)];
    if (event.shiftKey && from >= 0) {
      for (const one of ticks.slice(Math.min(from, to), Math.max(from, to))) one.checked = tick.checked;
    }
    this.last = tick;
  };

  private readonly count = (): void => {
    const output = this.querySelector("output");
    const chosen = this.ticks.filter((one) => one.checked).length;
    if (output) output.value = (this.dataset.words ?? "{count}").replace("{count}", String(chosen));
  };
}

customElements.define("choose-many", ChooseMany);
