// Counts a caption as its platform does: the twin of loa/connectors/counting.py, which names the
// sources. Both run tests/counting_cases.json; the server counts again before anything is sent.

/** The `text` part of a channel's limits, as Limits.to_json() writes it. */
export interface TextRules {
  max_chars: number;
  unit: "graphemes" | "code_points" | "utf16";
  max_bytes: number | null;
  link_cost: number | null;
  mention_counts_local_part: boolean;
}

const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}_\-]*[\p{L}\p{N}])?`;
const LINK = new RegExp(
  String.raw`(?<![\p{L}\p{N}_@＠$#＃])https?://(?:${LABEL}\.)+(?:\p{L}{2,}|xn--[a-z0-9\-]+)(?::\p{Nd}+)?` +
    String.raw`(?:[\/?#](?:\([^\s\(\)<>]*\)|[^\s\(\)<>"'“”‘’])*(?<![.,:;!?…*~_]))?`,
  "giu",
);
const MENTION = new RegExp(
  String.raw`(?<![=\/\p{L}\p{M}\p{N}_])(?<local>@[a-z0-9_]+(?:[.\-]+[a-z0-9_]+)*)` +
    String.raw`@[\p{L}\p{N}.\-]+[\p{L}\p{N}](?!@|:\/\/)`,
  "giu",
);
const letters = new Intl.Segmenter("und", { granularity: "grapheme" });
const bytes = new TextEncoder();

/** Text as it is kept and sent: NFC, plain line ends. */
export function normalise(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n").normalize("NFC");
}

/** How much of max_chars the caption uses; the spoiler counts too, its links at full length. */
export function captionLength(caption: string, rules: TextRules, spoiler = ""): number {
  return units(normalise(spoiler), rules.unit) + units(asCounted(normalise(caption), rules), rules.unit);
}

/** By how many UTF-8 bytes the caption is too long; 0 when it fits or there is no such limit. */
export function bytesOverBy(caption: string, rules: TextRules): number {
  if (rules.max_bytes === null) return 0;
  return Math.max(bytes.encode(normalise(caption)).length - rules.max_bytes, 0);
}

function asCounted(caption: string, rules: TextRules): string {
  let counted = "";
  let start = 0;
  // A mention inside a link is part of the link: look between the links only.
  for (const link of rules.link_cost ? caption.matchAll(LINK) : []) {
    counted += shortened(caption, start, link.index, rules) + "x".repeat(rules.link_cost ?? 0);
    start = link.index + link[0].length;
  }
  return counted + shortened(caption, start, caption.length, rules);
}

function shortened(caption: string, start: number, end: number, rules: TextRules): string {
  const piece = caption.slice(start, end);
  if (!rules.mention_counts_local_part) return piece;
  let counted = "";
  let at = start;
  const pattern = new RegExp(MENTION); // lookbehind sees the text before the piece
  pattern.lastIndex = start;
  for (let found = pattern.exec(caption); found && found.index < end; found = pattern.exec(caption)) {
    counted += caption.slice(at, found.index) + (found.groups?.local ?? "");
    at = found.index + found[0].length;
  }
  return counted + caption.slice(at, Math.max(at, end));
}

function units(text: string, unit: TextRules["unit"]): number {
  if (unit === "utf16") return text.length;
  if (unit === "code_points") return Array.from(text).length;
  return Array.from(letters.segment(text)).length;
}
