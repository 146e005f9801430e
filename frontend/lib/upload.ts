/** What became of an upload: ids of the pictures that were kept, sentences for those refused. */
export interface Sent {
  ids: string[];
  refusals: string[];
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

/**
 * Send one file and tell how far it is, from 0 to 1. Null when nothing answered.
 * XMLHttpRequest, because fetch does not tell the progress of what is sent.
 */
export function sendFile(
  url: string,
  file: File,
  token: string,
  tellProgress: (ratio: number) => void,
): Promise<Sent | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) tellProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const isAnswer = request.status === 200 || request.status === 422;
      resolve(isAnswer ? readAnswer(request.responseText) : null);
    });
    request.addEventListener("error", () => { resolve(null); });
    request.send(body);
  });
}
