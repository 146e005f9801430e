const SHOWN_MS = 7_000;
const SHOWN_WITH_UNDO_MS = 15_000;

/**
 * Holds short news and lets each go after a while.
 *   <toast-region><div id="toasts" role="status"> toasts </div></toast-region>
 * A toast stays while it is pointed at or focused. Without JavaScript it stays until the next page.
 */
export class ToastRegion extends HTMLElement {
  private readonly watcher = new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) this.keepFor(node);
  });

  connectedCallback(): void {
    const list = this.querySelector("#toasts") ?? this;
    for (const toast of list.children) this.keepFor(toast);
    this.watcher.observe(list, { childList: true });
    this.addEventListener("click", this.close);
  }

  disconnectedCallback(): void {
    this.watcher.disconnect();
  }

  private readonly close = (event: Event): void => {
    if (event.target instanceof Element && event.target.closest("[data-close]")) {
      event.target.closest(".toast")?.remove();
    }
  };

  private keepFor(node: Node): void {
    if (!(node instanceof HTMLElement)) return;
    const shown_ms = node.querySelector("form") ? SHOWN_WITH_UNDO_MS : SHOWN_MS;
    let timer = 0;
    const start = (): void => {
      timer = window.setTimeout(() => { node.remove(); }, shown_ms);
    };
    const stop = (): void => { window.clearTimeout(timer); };
    node.addEventListener("pointerenter", stop);
    node.addEventListener("focusin", stop);
    node.addEventListener("pointerleave", start);
    node.addEventListener("focusout", start);
    start();
  }
}

customElements.define("toast-region", ToastRegion);
