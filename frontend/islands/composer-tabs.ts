/**
 * Shows one tab of the composer at a time, and the preview that goes with it, without asking the server.
 *   <composer-tabs> tabs (data-tab), panels (data-panel), previews (data-preview) </composer-tabs>
 * What is shown is sent along in the fields data-here and data-shown, so an answer shows the same again.
 * Without JavaScript each tab is a button that saves and opens its panel.
 */
export class ComposerTabs extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", this.clicked);
    this.addEventListener("change", this.changed);
    this.addEventListener("keydown", this.pressed);
  }

  private readonly clicked = (event: Event): void => {
    const target = event.target instanceof Element ? event.target : null;
    const tab = target?.closest<HTMLElement>("[data-tab]");
    if (tab) event.preventDefault();
    if (tab) this.show(tab.dataset.tab ?? "");
    const pick = target?.closest<HTMLElement>("[data-preview-pick]");
    if (pick) this.preview(pick.dataset.previewPick ?? "");
  };

  private readonly changed = (event: Event): void => {
    const select = event.target;
    if (select instanceof HTMLSelectElement && "tabSelect" in select.dataset) this.show(select.value);
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    const tabs = Array.from(this.querySelectorAll<HTMLElement>("[data-tab]"));
    const here = tabs.findIndex((tab) => tab === event.target);
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = by && here >= 0 ? tabs[(here + by + tabs.length) % tabs.length] : undefined;
    if (!next) return;
    event.preventDefault();
    this.show(next.dataset.tab ?? "");
    next.focus();
  };

  private show(name: string): void {
    for (const tab of this.querySelectorAll<HTMLElement>("[data-tab]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
      tab.tabIndex = tab.dataset.tab === name ? 0 : -1;
    }
    for (const one of this.querySelectorAll<HTMLElement>("[data-panel]")) one.hidden = one.dataset.panel !== name;
    for (const field of document.querySelectorAll<HTMLInputElement>("[data-here], [data-tab-select]")) field.value = name;
    if (name !== "s") this.preview(name);
  }

  private preview(name: string): void {
    for (const one of this.querySelectorAll<HTMLElement>("[data-preview]")) one.hidden = one.dataset.preview !== name;
    for (const pick of this.querySelectorAll<HTMLElement>("[data-preview-pick]")) {
      pick.setAttribute("aria-pressed", String(pick.dataset.previewPick === name));
    }
    for (const field of document.querySelectorAll<HTMLInputElement>("[data-shown]")) field.value = name;
  }
}

customElements.define("composer-tabs", ComposerTabs);
