import { visibleText } from '../src/core/visibleText';
import { findChangedPaths, showValue, type ChangedPath } from './changedPaths';
import type { JsonNode } from './jsonTree';
import { reorderItems } from './reorderItems';
import { createBudget, type Hunk } from './sequenceDiff';
import { diffText } from './textDiff';

/** One side of a comparison. */
export interface ComparedText {
  readonly text: string;
  /** Where masks stand in it, and a number for what each hides: equal ones hide the same. */
  readonly masks: readonly { readonly start: number; readonly end: number; readonly hidden: number }[];
}

export interface DifferenceSpec {
  readonly left: ComparedText;
  readonly right: ComparedText;
  /** Both texts are JSON: changed values are looked for too. */
  readonly json: boolean;
  /** Elements of lists are matched by id or name. */
  readonly match: boolean;
}

/** A changed value as it is listed. */
export interface ListedChange {
  readonly kind: ChangedPath['kind'];
  readonly path: string;
  /** The values on one line, cut; undefined where that side has none. */
  readonly left: string | undefined;
  readonly right: string | undefined;
  /** What differs is hidden by masks. */
  readonly masked: boolean;
  /** Where to look in either text. */
  readonly atLeft: number | undefined;
  readonly atRight: number | undefined;
}

/** What two texts differ in. */
export interface Difference {
  /** The left text, elements of its lists in the order of the right's where they are matched. */
  readonly left: string;
  /** Stretches of lines that differ, and the same as spans of characters. */
  readonly lines: readonly Hunk[];
  readonly changes: readonly Hunk[];
  /** Some stretches are larger than they had to be: the texts differ too much. */
  readonly coarse: boolean;
  /** Undefined where a side is no JSON. */
  readonly values: { readonly listed: readonly ListedChange[]; readonly total: number } | undefined;
}

/** More changed values than this are counted, not listed. */
export const mostListed = 500;

/** Compares two texts. Bounded: about a second for what has nothing in common. */
export function findDifference({ left, right, json, match }: DifferenceSpec): Difference {
  const [keyedLeft, keyedRight] = [keyMasks(left), keyMasks(right)];
  const budget = createBudget();
  const found = json ? findChangedPaths(keyedLeft, keyedRight, match, budget) : undefined;
  const pieces = found && found.orders.size > 0 ? reorderItems(found.a, found.orders) : undefined;
  const reorder = (text: string): string =>
    pieces ? pieces.map(({ from, to }) => text.slice(from, to)).join('') : text;
  const shownLeft = reorder(left.text);
  const { lines, changes, coarse } = diffText(reorder(keyedLeft), keyedRight, createBudget());

  const list = ({ kind, path, left, right: after }: ChangedPath): ListedChange => {
    const [before, now] = [write(shownLeft, left), write(right.text, after)];
    const valued = kind !== 'order';
    return {
      kind,
      path: visibleText(path),
      left: valued && before !== undefined ? visibleText(showValue(before, now)) : undefined,
      right: valued && now !== undefined ? visibleText(showValue(now, before)) : undefined,
      masked: kind === 'changed' && before === now,
      atLeft: left?.from,
      atRight: after?.from,
    };
  };
  return {
    left: shownLeft,
    lines,
    changes,
    coarse: coarse || budget.coarse,
    values: found && { listed: found.changes.slice(0, mostListed).map(list), total: found.changes.length },
  };
}

function write(text: string, node: JsonNode | undefined): string | undefined {
  return node && text.slice(node.from, node.to);
}

/** The text with what each mask hides told apart, in as many characters. NUL stands in no JSON text. */
function keyMasks({ text, masks }: ComparedText): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, hidden } of masks) {
    parts.push(text.slice(at, start), '\0', hidden.toString(36).padStart(end - start - 1, '0'));
    at = end;
  }
  return parts.join('') + text.slice(at);
}
