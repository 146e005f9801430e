import { crc32 } from "./crc32.ts";
import { readAnswer, type Sent } from "./upload.ts";

export const PIECE_BYTES = 5_000_000;
const ANEW = 3;
const LONGEST_WAIT_MS = 30_000;

/** What an upload is doing, for the person who waits for it. */
export type Mood = "sending" | "waiting" | "signed out" | "checking";

export interface Answer {
  status: number; // 0: nothing answered
  text: string;
  signedOut: boolean;
  header(name: string): string;
}

/** One request; tells how many bytes of its body are gone. Rejects only when `signal` aborts. */
export type Ask = (
  method: string,
  url: string,
  body: XMLHttpRequestBodyInit | null,
  headers: Record<string, string>,
  tellGone: (bytes: number) => void,
) => Promise<Answer>;

export interface Way {
  begin: string;
  ask: Ask;
  tell: (sentBytes: number, mood: Mood) => void;
  /** Resolves after a while, or sooner when the line or the person is back. */
  pause: (ms: number) => Promise<void>;
  signal: AbortSignal;
}

const PASSING = new Set([0, 429, 500, 502, 503, 504]);
const GONE = Symbol("the server forgot this upload");

/**
 * Send a file in pieces, and go on after whatever breaks: a line, a server, a session. It ends
 * with the asset, with the sentence of a refusal, or when `signal` aborts; nothing else ends it.
 */
export async function sendInPieces(file: File, way: Way): Promise<Sent> {
  const sum = new RunningSum(file);
  for (let time = 0; time < ANEW; time++) {
    const sent = await once(file, sum, way);
    if (sent !== GONE) return sent;
  }
  return { ids: [], refusals: [], failed: true };
}

async function once(file: File, sum: RunningSum, way: Way): Promise<Sent | typeof GONE> {
  const fields = { name: file.name, size_bytes: String(file.size), modified_ms: String(file.lastModified) };
  const begun = await patiently(way, 0, () =>
    way.ask("POST", way.begin, new URLSearchParams(fields), {}, () => undefined));
  if (begun.status !== 200 && begun.status !== 201) return refusal(begun);
  const url = begun.header("Location");
  let at = Number(begun.header("Upload-Offset"));
  if (at && (await sum.upTo(at)) !== Number(begun.header("Upload-Checksum"))) {
    await dropUpload(url, way); // another file of the same name, size and time
    return GONE;
  }
  for (let time = 0; time < ANEW; time++) {
    while (at < file.size) {
      const from = at;
      const piece = file.slice(from, from + PIECE_BYTES);
      await sum.upTo(from + piece.size); // throws when the file cannot be read any more
      const answer = await patiently(way, from, () => way.ask(
        "PATCH", url, piece,
        { "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" },
        (gone) => { way.tell(from + gone, "sending"); },
      ));
      if (answer.status === 404) return GONE;
      if (answer.status !== 204 && answer.status !== 409) return refusal(answer);
      at = Number(answer.header("Upload-Offset"));
      way.tell(at, "sending");
    }
    way.tell(at, "checking");
    const checksum = String(await sum.upTo(file.size));
    const taken = await patiently(way, at, () =>
      way.ask("POST", `${url}take/`, new URLSearchParams({ checksum }), {}, () => undefined));
    if (taken.status === 404) return GONE;
    if (taken.status !== 409) return taken.status === 200 || taken.status === 422 ? readAnswer(taken.text) : refusal(taken);
    at = Number(taken.header("Upload-Offset"));
  }
  return { ids: [], refusals: [], failed: true };
}

/** Tell the server that nobody goes on with this. */
export async function dropUpload(url: string, way: Pick<Way, "ask">): Promise<void> {
  await way.ask("DELETE", url, null, {}, () => undefined);
}

/** Repeat a request until something answers it; every request here may be repeated. */
async function patiently(way: Way, at: number, request: () => Promise<Answer>): Promise<Answer> {
  for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    way.signal.throwIfAborted();
    const answer = await request();
    if (!answer.signedOut && !PASSING.has(answer.status)) return answer;
    way.tell(at, answer.signedOut ? "signed out" : "waiting");
    await way.pause(wait);
  }
}

function refusal(answer: Answer): Sent {
  return answer.text && answer.header("Content-Type").startsWith("text/plain")
    ? { ids: [], refusals: [answer.text] }
    : { ids: [], refusals: [], failed: true };
}

/** The CRC-32 of a file's beginning, read once while it is sent in order. */
class RunningSum {
  private end = 0;
  private value = 0;

  private readonly file: File;

  constructor(file: File) {
    this.file = file;
  }

  async upTo(end: number): Promise<number> {
    if (end < this.end) this.end = this.value = 0;
    while (this.end < end) {
      const next = Math.min(end, this.end + PIECE_BYTES);
      this.value = crc32(new Uint8Array(await this.file.slice(this.end, next).arrayBuffer()), this.value);
      this.end = next;
    }
    return this.value;
  }
}
