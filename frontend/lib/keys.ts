/** What a key means now. `sequence` is what was pressed before it, e.g. "g". */
export type Meaning =
  | { kind: "nothing" }
  | { kind: "wait"; sequence: string }
  | { kind: "press"; key: string }
  | { kind: "move"; by: 1 | -1 }
  | { kind: "help" };

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/**
 * Decide what a key means; `offered` are the data-key values on the page, e.g. "c", "g t", "⌘↵".
 * ⌘ stands for the Command or the Control key, ↵ for Enter; with it, a key works while writing too.
 */
export function meaningOf(pressed: Pressed, sequence: string, offered: ReadonlySet<string>): Meaning {
  if (pressed.altKey) return { kind: "nothing" };
  if (pressed.ctrlKey || pressed.metaKey) {
    const held = `⌘${pressed.key === "Enter" ? "↵" : pressed.key.toLowerCase()}`;
    return offered.has(held) ? { kind: "press", key: held } : { kind: "nothing" };
  }
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  const whole = sequence ? `${sequence} ${key}` : key;
  if (offered.has(whole)) return { kind: "press", key: whole };
  if ([...offered].some((one) => one.startsWith(`${whole} `))) return { kind: "wait", sequence: whole };
  if (sequence) return { kind: "nothing" };
  if (key === "?") return { kind: "help" };
  if (key === "j") return { kind: "move", by: 1 };
  if (key === "k") return { kind: "move", by: -1 };
  return { kind: "nothing" };
}

/** How a hint reads on this machine: ⌘K stays on Apple's, elsewhere it is Ctrl K. */
export function hintFor(written: string, platform: string): string {
  return /^(mac|iphone|ipad)/i.test(platform) ? written : written.replace(/^⌘\s?/, "Ctrl ");
}

/** True while keys belong to what has the focus: somebody is writing. */
export function isWriting(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element instanceof HTMLTextAreaElement) return true;
  if (element instanceof HTMLSelectElement) return true;
  const silent = ["checkbox", "radio", "button", "submit", "reset", "range", "color", "file"];
  return element instanceof HTMLInputElement && !silent.includes(element.type);
}
