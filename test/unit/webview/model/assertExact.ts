import assert from 'node:assert/strict';
import type { Hunk } from '../../../../src/core/diff/sequenceDiff';
import type { TextDiff } from '../../../../webview/model/textDiff';

/** Spans go forward on both sides, what lies between them is the same text, and putting the right's into the left gives the right. */
export function assertExact(
  left: string,
  right: string,
  { lines, changes }: Pick<TextDiff, 'lines' | 'changes'>,
): void {
  assertSpans(left, right, changes);
  const join = (parts: readonly string[]): string => parts.map((part) => `${part}\n`).join('');
  const [a, b] = [left.split('\n'), right.split('\n')];
  const place = (parts: readonly string[]): number[] => [0, ...parts.map(() => 0)];
  const [startsA, startsB] = [place(a), place(b)];
  a.forEach((part, index) => (startsA[index + 1] = (startsA[index] as number) + part.length + 1));
  b.forEach((part, index) => (startsB[index + 1] = (startsB[index] as number) + part.length + 1));
  assertSpans(
    join(a),
    join(b),
    lines.map(({ fromA, toA, fromB, toB }) => ({
      fromA: startsA[fromA] as number,
      toA: startsA[toA] as number,
      fromB: startsB[fromB] as number,
      toB: startsB[toB] as number,
    })),
  );
}

function assertSpans(left: string, right: string, changes: readonly Hunk[]): void {
  let a = 0;
  let b = 0;
  let made = '';
  for (const change of changes) {
    assert.ok(change.fromA >= a && change.fromB >= b && change.toA >= change.fromA && change.toB >= change.fromB);
    assert.equal(left.slice(a, change.fromA), right.slice(b, change.fromB));
    made += left.slice(a, change.fromA) + right.slice(change.fromB, change.toB);
    a = change.toA;
    b = change.toB;
  }
  assert.equal(made + left.slice(a), right);
}
