/** Return what lies between `from` and `to` in `all`, both included, whichever comes first. */
export function between<T>(all: readonly T[], from: T | null, to: T): readonly T[] {
  const end = all.indexOf(to);
  if (end < 0) return [];
  const start = from === null ? -1 : all.indexOf(from);
  if (start < 0) return [to];
  return all.slice(Math.min(start, end), Math.max(start, end) + 1);
}
