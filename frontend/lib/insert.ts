/** Put text into a field where the caret is, as typing it would: undo works, and input is told. */
export function insertAtCaret(field: HTMLTextAreaElement, text: string): void {
  const before = field.value.slice(0, field.selectionStart);
  const space = needsSpace(before, text) ? " " : "";
  field.focus();
  field.setRangeText(space + text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Tags and names stand apart from the word before them; an emoji follows it directly. */
export function needsSpace(before: string, text: string): boolean {
  return /^[#@]/.test(text) && /\S$/.test(before);
}
