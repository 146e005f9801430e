const SVG = "http://www.w3.org/2000/svg";
const MARK_PX = 13;

/**
 * Shows what must stay in view, and lets a click set it.
 *   <composer-focal-point data-x="0" data-y="0" data-fields="id of the box with the sliders"> <img> </composer-focal-point>
 * The sliders named …focus_x and …focus_y, from -1 to 1 (left, bottom to right, top), are what is sent;
 * they work by themselves with the arrow keys and without JavaScript.
 */
export class ComposerFocalPoint extends HTMLElement {
  private readonly mark = document.createElementNS(SVG, "circle");

  connectedCallback(): void {
    const overlay = document.createElementNS(SVG, "svg");
    overlay.classList.add("focal-overlay");
    overlay.setAttribute("aria-hidden", "true");
    this.mark.setAttribute("r", String(MARK_PX));
    overlay.append(this.mark);
    this.append(overlay);
    this.addEventListener("click", this.pick);
    this.fields?.addEventListener("input", this.paint);
    this.paint();
  }

  disconnectedCallback(): void {
    this.fields?.removeEventListener("input", this.paint);
  }

  private get fields(): HTMLElement | null {
    return document.getElementById(this.dataset.fields ?? "");
  }

  private slider(axis: "x" | "y"): HTMLInputElement | null {
    return this.fields?.querySelector<HTMLInputElement>(`input[name$="focus_${axis}"]`) ?? null;
  }

  private readonly pick = (event: MouseEvent): void => {
    const image = this.querySelector("img")?.getBoundingClientRect();
    const [x, y] = [this.slider("x"), this.slider("y")];
    if (!image || !x || !y) return;
    x.value = String(((event.clientX - image.left) / image.width) * 2 - 1);
    y.value = String(1 - ((event.clientY - image.top) / image.height) * 2);
    y.dispatchEvent(new Event("input", { bubbles: true }));
  };

  private readonly paint = (): void => {
    const x = Number(this.slider("x")?.value ?? this.dataset.x);
    const y = Number(this.slider("y")?.value ?? this.dataset.y);
    this.mark.setAttribute("cx", `${String((x + 1) * 50)}%`);
    this.mark.setAttribute("cy", `${String((1 - y) * 50)}%`);
  };
}

customElements.define("composer-focal-point", ComposerFocalPoint);
