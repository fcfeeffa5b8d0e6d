/** A change of a text: what stood between two positions is replaced. */
export interface TextChange {
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly text: string;
}

/** Where a line is after changes, which are given as the editor gives them: the last in the text first. */
export function movedLine(line: number, changes: readonly TextChange[]): number {
  let moved = line;
  for (const { range, text } of changes) {
    const { start, end } = range;
    // At the very beginning of the line, what is put in pushes it down.
    const isBefore =
      start.line < moved ||
      (start.line === moved && start.character === 0 && end.line === moved && end.character === 0);
    if (!isBefore) continue;
    const added = text.split('\n').length - 1;
    const removed = Math.min(end.line, moved) - start.line;
    moved += added - removed;
  }
  return Math.max(0, moved);
}
