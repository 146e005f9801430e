import TABLE from "./emoji.txt?raw"; // sign, Vietnamese, English; the most used first
import { matches } from "./fold.ts";

/** An emoji with its names. */
export interface Emoji {
  sign: string;
  vi: string;
  en: string;
}


export const EMOJI: readonly Emoji[] = TABLE.trim()
  .split("\n")
  .map((line) => {
    const [sign = "", vi = "", en = ""] = line.split("|");
    return { sign, vi, en };
  });

/** The emoji whose names in either language have words that begin like those asked for. */
export function found(question: string): readonly Emoji[] {
  return EMOJI.filter((one) => matches(`${one.vi} ${one.en}`, question));
}
