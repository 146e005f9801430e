/**
 * Copies the text of a field.
 *   <copy-text> <input readonly value="…"> <button type="button" hidden data-done="Copied">…</button> </copy-text>
 * Without JavaScript the button stays hidden and the text can be selected.
 */
export class CopyText extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", this.copy);
    this.querySelector("input")?.addEventListener("focus", this.select);
  }

  private readonly select = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) event.target.select();
  };

  private readonly copy = (): void => {
    const field = this.querySelector("input");
    if (!field) return;
    field.select();
    void navigator.clipboard.writeText(field.value).then(this.tell);
  };

  private readonly tell = (): void => {
    const button = this.querySelector("button");
    const words = button?.querySelector("span");
    if (words) words.textContent = button?.dataset.done ?? "";
  };
}

customElements.define("copy-text", CopyText);
