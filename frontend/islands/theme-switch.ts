/**
 * Changes the theme at once; the form around it keeps the choice on the server.
 *   <form method="post"><theme-switch> <button name="theme" value="dark" aria-pressed="false"> </theme-switch></form>
 * Without JavaScript the form is sent and the page comes back in the new theme.
 */
export class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", this.choose);
  }

  private readonly choose = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button?.form) return;
    event.preventDefault();
    const kept = new FormData(button.form, button);
    void fetch(button.form.action, { method: "POST", body: kept, redirect: "manual" });
    if (button.value) document.documentElement.dataset.theme = button.value;
    else delete document.documentElement.dataset.theme;
    for (const one of this.querySelectorAll("button")) {
      one.setAttribute("aria-pressed", String(one === button));
    }
  };
}

customElements.define("theme-switch", ThemeSwitch);
