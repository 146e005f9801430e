/** What is typed and what is kept, counted, so that nothing typed while a save is under way is forgotten. */
export class Saving {
  private typed = 0;
  private sent = 0;
  private kept = 0;
  private underWay = false;

  /** Something was typed. */
  touch(): void {
    this.typed += 1;
  }

  /** A request leaves with all that is typed so far. */
  leave(): void {
    this.sent = this.typed;
    this.underWay = true;
  }

  /** The request came back. */
  comeBack(isKept: boolean): void {
    this.underWay = false;
    if (isKept) this.kept = Math.max(this.kept, this.sent);
  }

  /** True while something typed is not kept. */
  get isDirty(): boolean {
    return this.typed > this.kept;
  }

  /** True while a request is under way. */
  get isBusy(): boolean {
    return this.underWay;
  }
}

/** "2 seconds ago", in the page's language. */
export function ago(seconds: number, language: string): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (seconds < 60) return words.format(-Math.max(0, Math.round(seconds)), "second");
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), "minute");
  return words.format(-Math.floor(seconds / 3600), "hour");
}
