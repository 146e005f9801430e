import { type Answer, type Ask, dropUpload, type Mood, sendInPieces } from "./pieces.ts";
import { cookie } from "./requests.ts";
import { readAnswer, type Sent } from "./upload.ts";

/** What fits into one request that a bad line survives. */
const ONE_GO_BYTES = 1_000_000;

export interface Addresses {
  plain: string; // takes a whole file
  begin: string; // begins one in pieces
}

/**
 * Send a file to the library: a small one at once, all else in pieces that survive a broken
 * line. Null when `signal` aborted it; the server then forgets what it had.
 */
export async function send(
  file: File,
  to: Addresses,
  tell: (ratio: number, mood: Mood) => void,
  signal: AbortSignal,
): Promise<Sent | null> {
  let url = "";
  const ask: Ask = async (method, where, body, headers, tellGone) => {
    const answer = await request(method, where, body, headers, tellGone, signal);
    if (where === to.begin) url = answer.header("Location") || url;
    return answer;
  };
  try {
    const whole = file.size <= ONE_GO_BYTES ? await inOneGo(file, to.plain, ask, tell) : null;
    return whole ?? (await sendInPieces(file, {
      begin: to.begin,
      ask,
      signal,
      pause: (ms) => pause(ms, signal),
      tell: (bytes, mood) => { tell(file.size ? bytes / file.size : 1, mood); },
    }));
  } catch {
    if (!signal.aborted) return { ids: [], refusals: [], failed: true }; // the file cannot be read
    if (url) await dropUpload(url, { ask: (...of) => request(...of, null) });
    return null;
  }
}

async function inOneGo(
  file: File, url: string, ask: Ask, tell: (ratio: number, mood: Mood) => void,
): Promise<Sent | null> {
  const body = new FormData();
  body.append("file", file);
  const answer = await ask("POST", url, body, {}, (gone) => {
    tell(Math.min(1, gone / file.size), gone < file.size ? "sending" : "checking");
  });
  const isAnswer = !answer.signedOut && (answer.status === 200 || answer.status === 422);
  return isAnswer ? readAnswer(answer.text) : null;
}

/** XMLHttpRequest, because fetch does not tell the progress of what is sent. */
function request(
  method: string,
  url: string,
  body: XMLHttpRequestBodyInit | null,
  headers: Record<string, string>,
  tellGone: (bytes: number) => void,
  signal: AbortSignal | null,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    const stop = (): void => { sending.abort(); };
    const end = (): void => {
      signal?.removeEventListener("abort", stop);
      resolve(answerOf(sending, url));
    };
    sending.open(method, url);
    const region = document.querySelector<HTMLElement>("toast-region");
    // Read each time: signing in again, in another tab too, changes it.
    sending.setRequestHeader("X-CSRFToken", cookie(region?.dataset.csrf ?? "", document.cookie));
    sending.setRequestHeader("HX-Request", "true");
    for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value);
    sending.upload.addEventListener("progress", (event) => { tellGone(event.loaded); });
    sending.addEventListener("load", end);
    sending.addEventListener("error", end);
    sending.addEventListener("abort", () => { reject(new DOMException("cancelled", "AbortError")); });
    signal?.addEventListener("abort", stop, { once: true });
    sending.send(body);
  });
}

function answerOf(sending: XMLHttpRequest, url: string): Answer {
  const signIn = document.querySelector<HTMLElement>("toast-region")?.dataset.signIn ?? "";
  const path = sending.responseURL ? new URL(sending.responseURL).pathname : url;
  return {
    status: sending.status,
    text: sending.responseText,
    signedOut: signIn !== "" && path.startsWith(signIn),
    header: (name) => sending.getResponseHeader(name) ?? "",
  };
}

/** Wait, but no longer than until the line is back or somebody looks at the page again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener("online", end);
      removeEventListener("focus", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
    addEventListener("focus", end);
    signal.addEventListener("abort", end);
  });
}
