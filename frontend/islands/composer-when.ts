/**
 * Says the chosen time the way people read it, on the button that opens the field.
 *   <composer-when data-none="Choose a time"> <button popovertarget> <span data-words> </button>
 *     <div popover> <input type="datetime-local"> </div> </composer-when>
 * A suggested time (calendar-suggest) is typed into the field like any other.
 */
export class ComposerWhen extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("input", this.say);
  }

  private get field(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("input[type=datetime-local]");
  }

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
