export interface Point {
  x: number;
  y: number;
}

/** A copy of an element that follows the pointer, moved by an animation: no inline style. */
export class Flight {
  private readonly ghost: HTMLElement;
  private readonly animation: Animation;

  constructor(original: HTMLElement, at: Point) {
    const width = original.getBoundingClientRect().width;
    this.ghost = original.cloneNode(true) as HTMLElement; // cloneNode is typed as Node
    for (const one of [this.ghost, ...this.ghost.querySelectorAll("[id]")]) one.removeAttribute("id");
    this.ghost.classList.add("drag-ghost");
    this.ghost.setAttribute("aria-hidden", "true");
    document.body.append(this.ghost);
    this.ghost.animate({ inlineSize: `${width}px` }, { duration: 0, fill: "forwards" });
    this.animation = this.ghost.animate(framesAt(at), { duration: 0, fill: "forwards" });
  }

  to(point: Point): void {
    (this.animation.effect as KeyframeEffect).setKeyframes(framesAt(point)); // element.animate made it
  }

  end(): void {
    this.ghost.remove();
  }
}

function framesAt(point: Point): PropertyIndexedKeyframes {
  return { transform: `translate(${point.x + 8}px, ${point.y + 8}px) rotate(1.2deg)` };
}
