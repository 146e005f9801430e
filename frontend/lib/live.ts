/** A change that the server tells: what kind of thing, and which one when it is a single one. */
export interface Change {
  topic: string;
  id: string;
}

/** Read one event of the stream; null when it is not a change. */
export function readChange(data: string): Change | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null || !("topic" in parsed)) return null;
  const { topic } = parsed;
  if (typeof topic !== "string" || !topic) return null;
  const id = "id" in parsed ? parsed.id : null;
  return { topic, id: typeof id === "string" || typeof id === "number" ? String(id) : "" };
}

/** What the server says when it may have missed something: everybody looks again. */
export const EVERYTHING = "everything";

/**
 * Does an element that listens to `wanted` care? "delivery" hears every delivery,
 * "delivery:42" that one and any change that names none. Several are separated by blanks.
 */
export function cares(wanted: string, change: Change): boolean {
  if (change.topic === EVERYTHING) return true;
  return wanted.split(/\s+/).some((one) => {
    const [topic, id] = one.split(":", 2);
    return topic === change.topic && (!id || !change.id || id === change.id);
  });
}
