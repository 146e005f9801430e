/**
 * Names the file that was chosen or dropped, beside a button in our own words.
 *   <file-field> <input type="file"> <span class="file-field-name">or drop it here</span> </file-field>
 * Without JavaScript the browser's own field is seen instead.
 */
export class FileField extends HTMLElement {
  private nothing = "";

  connectedCallback(): void {
    this.nothing = this.name?.textContent ?? "";
    this.addEventListener("change", this.paint);
    this.paint(); // a page that was left and come back to keeps its file
  }

  private get name(): HTMLElement | null {
    return this.querySelector(".file-field-name");
  }

  private readonly paint = (): void => {
    const files = [...(this.querySelector("input")?.files ?? [])];
    this.toggleAttribute("data-chosen", files.length > 0);
    if (this.name) this.name.textContent = files.map((file) => file.name).join(", ") || this.nothing;
  };
}

customElements.define("file-field", FileField);
