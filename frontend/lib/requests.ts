import { showToast } from "./toast.ts";

/** The parts of htmx's request context that we read. */
interface Context {
  sourceElement: Element;
  sourceEvent?: Event;
  request: { body?: unknown };
  response?: { status: number; raw: Response };
}

export interface Answered {
  status: number;
  redirectedTo: string | null;
  /** The page asked by itself, to show news; nobody waits for the answer. */
  inBackground: boolean;
}

/**
 * What should happen with an answer to a request of htmx.
 *
 * A redirect is a navigation: the view meant a page, not a fragment. When it leads to the sign-in
 * page, the page stays, because something may be half written in it. 409 and 422 carry fragments
 * and are swapped; any other failure is told, and what the person sees and typed stays.
 */
export function judge(answer: Answered, signInPath: string): "swap" | "go" | "sign in" | "tell" | "ignore" {
  if (answer.redirectedTo) {
    const path = new URL(answer.redirectedTo, "http://loa").pathname;
    return signInPath && path.startsWith(signInPath) ? "sign in" : "go";
  }
  if (answer.status < 400 || answer.status === 409 || answer.status === 422) return "swap";
  return answer.inBackground ? "ignore" : "tell";
}

/** The sentence for a failure, worded by the server in data attributes of the toast region. */
export function sentenceFor(status: number, words: DOMStringMap): string {
  if (status === 0) return words.offline ?? "";
  if (status === 401) return words.signedOut ?? "";
  if (status === 403) return words.forbidden ?? "";
  if (status === 404) return words.gone ?? "";
  if (status === 429) return words.busy ?? "";
  return words.failed ?? "";
}

/** The value of a cookie; "" when there is none. */
export function cookie(name: string, all: string): string {
  const found = all.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

function region(): HTMLElement | null {
  return document.querySelector<HTMLElement>("toast-region");
}

function tell(status: number): void {
  const there = region();
  if (!there) return;
  const words = sentenceFor(status, there.dataset);
  const said = [...there.querySelectorAll(".toast-words")].some((one) => one.textContent === words);
  if (!said) showToast(there, words, "lacquer");
}

function contextOf(event: Event): Context | undefined {
  return (event as CustomEvent<{ ctx?: Context }>).detail.ctx;
}

function isInBackground(context: Context): boolean {
  return context.sourceEvent?.type === "live";
}

let leaving = false;
window.addEventListener("pagehide", () => { leaving = true; });
window.addEventListener("pageshow", () => { leaving = false; });

// Signing in again, in another tab too, changes the token; the form still holds the old one.
document.addEventListener("htmx:config:request", (event) => {
  const body = contextOf(event)?.request.body;
  const token = cookie(region()?.dataset.csrf ?? "", document.cookie);
  if (token && body instanceof FormData && body.has("csrfmiddlewaretoken")) {
    body.set("csrfmiddlewaretoken", token);
  }
});

document.addEventListener("htmx:before:response", (event) => {
  const context = contextOf(event);
  if (!context?.response) return;
  const { raw, status } = context.response;
  const redirectedTo = raw.redirected ? raw.url : null;
  const answered = { status, redirectedTo, inBackground: isInBackground(context) };
  const verdict = judge(answered, region()?.dataset.signIn ?? "");
  if (verdict === "swap") return;
  event.preventDefault();
  if (verdict === "go") location.assign(raw.url);
  if (verdict === "sign in") tell(401);
  if (verdict === "tell") tell(status);
});

// No answer at all: the network is down or the request took too long.
document.addEventListener("htmx:error", (event) => {
  const context = contextOf(event);
  if (context && !context.response && !leaving && !isInBackground(context)) tell(0);
});
