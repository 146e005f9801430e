const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** Seconds from now to the instant, as people say it; null when it is more than a week away. */
export function relativeWords(seconds: number, language: string): string | null {
  const far = Math.abs(seconds);
  if (far > 7 * 86_400) return null;
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, length] of UNITS) {
    if (far >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(0, "second");
}
