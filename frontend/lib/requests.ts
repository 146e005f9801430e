import { showToast } from "./toast.ts";

/** The parts of htmx's request context that we read. */
interface RequestDetail {
  ctx: { response?: { status: number; raw: Response } };
}

/**
 * What should happen with an answer to a request of htmx.
 *
 * A redirect is a navigation: the view meant a page, not a fragment (also when the session ended
 * and the answer is the sign-in page). 409 and 422 carry fragments and are swapped; any other
 * failure is told, and what the person sees and typed stays.
 */
export function judge(answer: { status: number; redirected: boolean }): "swap" | "go" | "tell" {
  if (answer.redirected) return "go";
  if (answer.status < 400 || answer.status === 409 || answer.status === 422) return "swap";
  return "tell";
}

/** The sentence for a failure, worded by the server in data attributes of the toast region. */
export function sentenceFor(status: number, words: DOMStringMap): string {
  if (status === 0) return words.offline ?? "";
  if (status === 403) return words.forbidden ?? "";
  if (status === 404) return words.gone ?? "";
  if (status === 429) return words.busy ?? "";
  return words.failed ?? "";
}

function tell(status: number): void {
  const region = document.querySelector<HTMLElement>("toast-region");
  if (region) showToast(region, sentenceFor(status, region.dataset), "lacquer");
}

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = (event as CustomEvent<RequestDetail>).detail;
  if (!ctx.response) return;
  const { raw, status } = ctx.response;
  const verdict = judge({ status, redirected: raw.redirected });
  if (verdict === "swap") return;
  event.preventDefault();
  if (verdict === "go") location.assign(raw.url);
  else tell(status);
});

// No answer at all: the network is down or the request took too long.
document.addEventListener("htmx:error", (event) => {
  const { ctx } = (event as CustomEvent<Partial<RequestDetail>>).detail;
  if (ctx && !ctx.response) tell(0);
});
