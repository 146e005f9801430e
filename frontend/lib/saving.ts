/** What is typed and what is kept, counted, so that nothing typed while a save is under way is forgotten. */
export class Saving {
  private typed = 0;
  private kept = 0;
  private underWay = 0;

  /** Something was typed. */
  touch(): void {
    this.typed += 1;
  }

  /** A request's form is collected: what it carries. Typing after this is not in it, however long it waits. */
  collect(): number {
    this.underWay += 1;
    return this.typed;
  }

  /** The request that carried `collected` came back. */
  comeBack(collected: number, isKept: boolean): void {
    this.underWay -= 1;
    if (isKept) this.kept = Math.max(this.kept, collected);
  }

  /** True while something typed is not kept. */
  get isDirty(): boolean {
    return this.typed > this.kept;
  }

  /** True while a request is under way or waits its turn. */
  get isBusy(): boolean {
    return this.underWay > 0;
  }
}

/** "2 seconds ago", in the page's language. */
export function ago(seconds: number, language: string): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (seconds < 60) return words.format(-Math.max(0, Math.round(seconds)), "second");
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), "minute");
  return words.format(-Math.floor(seconds / 3600), "hour");
}
