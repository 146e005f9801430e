/**
 * What became of an upload: ids of the pictures that were kept, sentences for those refused.
 * failed: neither, and nobody knows why.
 */
export interface Sent {
  ids: string[];
  refusals: string[];
  failed?: boolean;
}

/** Read the library's answer to an upload (library/uploaded.html). */
export function readAnswer(markup: string): Sent {
  const answer = new DOMParser().parseFromString(markup, "text/html");
  const kept = answer.querySelectorAll<HTMLElement>("[data-asset]");
  const refused = answer.querySelectorAll("[role=alert]");
  return {
    ids: Array.from(kept, (one) => one.dataset.asset ?? ""),
    refusals: Array.from(refused, (one) => one.textContent.trim()),
  };
}
