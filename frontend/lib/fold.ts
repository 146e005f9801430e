/** Text as search compares it: without case, tone marks and diacritics ("Cà phê Đắk" → "ca phe dak"). */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("đ", "d");
}

/** True when every word of the question begins a word of the text. */
export function matches(text: string, question: string): boolean {
  const words = fold(text).split(/[^\p{L}\p{N}]+/u);
  return fold(question)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}
