/**
 * Says the chosen time the way people read it, on the button that opens the field.
 *   <composer-when data-none="Choose a time"> <button popovertarget> <span data-words> </button>
 *     <div popover> <input type="datetime-local"> </div> </composer-when>
 * Also takes a suggested time: a button inside with data-take="2026-11-22T09:00".
 */
export class ComposerWhen extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("input", this.say);
    this.addEventListener("click", this.take);
  }

  private get field(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("input[type=datetime-local]");
  }

  private readonly take = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-take]") : null;
    if (!button || !this.field) return;
    event.preventDefault();
    this.field.value = button.dataset.take ?? "";
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  private readonly say = (): void => {
    const place = this.querySelector("[data-words]");
    const at = new Date(this.field?.value ?? "");
    if (!place) return;
    place.textContent = Number.isNaN(at.getTime()) ? (this.dataset.none ?? "") : words(at);
  };
}

/** The field holds the brand's local time without a zone, so it is read and written as it stands. */
function words(at: Date): string {
  return at.toLocaleString(document.documentElement.lang || "vi", {
    weekday: "short",
    day: "numeric",
    month: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
}

customElements.define("composer-when", ComposerWhen);
