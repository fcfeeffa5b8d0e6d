import type { Body } from '../event/body';
import { findChangedPaths, showValue, type ChangedPath } from './changedPaths';
import type { JsonNode } from '../json/jsonTree';
import { createBudget } from './sequenceDiff';
import { visibleText } from '../base/visibleText';

/** One side of a comparison. */
export interface ComparedText {
  readonly text: string;
  /** Where masks stand in it, and a number for what each hides: equal ones hide the same. */
  readonly masks: readonly { readonly start: number; readonly end: number; readonly hidden: number }[];
}

/** `hidden` has a number for each mask of the body. */
export function toCompared({ text, secrets }: Body, hidden: readonly number[]): ComparedText {
  const masks = hidden.flatMap((hidden, index) => {
    const place = secrets[index];
    return place ? [{ start: place.start, end: place.end, hidden }] : [];
  });
  return { text, masks };
}

/** A changed value for a list of such. */
export interface ChangedValue {
  readonly kind: ChangedPath['kind'];
  readonly path: string;
  /** The values on one line, cut; undefined where that side has none. */
  readonly left: string | undefined;
  readonly right: string | undefined;
  /** What differs is hidden by masks. */
  readonly masked: boolean;
}

/** What changed from one JSON text to another, elements of lists matched by id or name. See {@link findChangedPaths}. */
export function findChangedValues(left: ComparedText, right: ComparedText): ChangedValue[] {
  const { changes } = findChangedPaths(keyMasks(left), keyMasks(right), true, createBudget());
  return changes.map((change) => nameChange(change, left.text, right.text));
}

/** The change as people are told of it; the texts are those it was found in, but with masks. */
export function nameChange(
  { kind, path, left, right }: ChangedPath,
  leftText: string,
  rightText: string,
): ChangedValue {
  const [before, now] = [write(leftText, left), write(rightText, right)];
  const valued = kind !== 'order';
  return {
    kind,
    path: visibleText(path),
    left: valued && before !== undefined ? visibleText(showValue(before, now)) : undefined,
    right: valued && now !== undefined ? visibleText(showValue(now, before)) : undefined,
    masked: kind === 'changed' && before === now,
  };
}

function write(text: string, node: JsonNode | undefined): string | undefined {
  return node && text.slice(node.from, node.to);
}

/** The text with what each mask hides told apart, in as many characters. NUL stands in no JSON text. */
export function keyMasks({ text, masks }: ComparedText): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, hidden } of masks) {
    parts.push(text.slice(at, start), '\0', hidden.toString(36).padStart(end - start - 1, '0'));
    at = end;
  }
  return parts.join('') + text.slice(at);
}
