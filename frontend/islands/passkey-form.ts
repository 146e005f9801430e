import {
  canUsePasskeys,
  type CreationAsked,
  makePasskey,
  type RequestAsked,
  usePasskey,
} from "../lib/passkey.ts";

/**
 * Sends a form with what the device says about a passkey.
 *   <passkey-form makes> <form>… <input type="hidden" name="credential"> <p data-failed hidden>…</p></form>
 *     <script type="application/json">{"creation_options": …}</script> </passkey-form>
 * makes: a new one; otherwise one is used. options: where they are fetched instead of read here.
 * Hidden until it is known that the browser can do it; there is always another way to sign in.
 */
export class PasskeyForm extends HTMLElement {
  connectedCallback(): void {
    if (!canUsePasskeys(window)) {
      this.querySelector("[data-cannot]")?.removeAttribute("hidden");
      return;
    }
    this.hidden = false;
    this.querySelector("form")?.addEventListener("submit", this.onSubmit);
  }

  private readonly onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    this.failed(false);
    void this.proof().then(this.send, () => {
      this.failed(true);
    });
  };

  private async proof(): Promise<string> {
    const asked = await this.asked();
    return this.hasAttribute("makes")
      ? makePasskey(asked as CreationAsked) // the server says which of the two it sent
      : usePasskey(asked as RequestAsked);
  }

  private async asked(): Promise<unknown> {
    const url = this.getAttribute("options");
    if (!url) return JSON.parse(this.querySelector("script")?.textContent ?? "null");
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    return answer.json();
  }

  private readonly send = (credential: string): void => {
    const form = this.querySelector("form");
    const field = form?.querySelector<HTMLInputElement>("[name=credential]");
    if (!form || !field) return;
    field.value = credential;
    form.submit();
  };

  private failed(did: boolean): void {
    this.querySelector("[data-failed]")?.toggleAttribute("hidden", !did);
  }
}

customElements.define("passkey-form", PasskeyForm);
