/**
 * Fills the planned time of the form it stands in with a suggested slot:
 *   <calendar-suggest> <button type="button" data-suggests="2026-11-18T20:00"> ... </calendar-suggest>
 * Without JavaScript the time is still there to be read and typed.
 */
export class CalendarSuggest extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", this.onClick);
  }

  private readonly onClick = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-suggests]") : null;
    const field = this.closest("form")?.querySelector<HTMLInputElement>("[name=planned]");
    if (!button || !field) return;
    field.value = button.dataset.suggests ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  };
}

customElements.define("calendar-suggest", CalendarSuggest);
