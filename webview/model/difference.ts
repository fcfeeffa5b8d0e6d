import type { Extension, Text } from '@codemirror/state';
import { findChangedPaths, type ChangedPath } from '../../src/core/diff/changedPaths';
import { keyMasks, nameChange, type ChangedValue, type ComparedText } from '../../src/core/diff/changedValues';
import { createBudget, type Hunk } from '../../src/core/diff/sequenceDiff';
import { reorderItems } from './reorderItems';
import { diffText } from './textDiff';

export interface DifferenceSpec {
  readonly left: ComparedText;
  readonly right: ComparedText;
  /** Both texts are JSON: changed values are looked for too. */
  readonly json: boolean;
  /** Elements of lists are matched by id or name. */
  readonly match: boolean;
}

/** A changed value as it is listed. */
export interface ListedChange extends ChangedValue {
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

/** A text made ready for an editor, which takes a while for a long one. */
export interface PreparedText {
  readonly text: string;
  readonly document: Text;
  readonly highlighting: Extension;
}

/** A difference whose texts are ready to be shown. */
export interface PreparedDifference extends Difference {
  readonly prepared: { readonly left: PreparedText; readonly right: PreparedText };
}

/** More changed values than this are counted, not listed. */
const maxListed = 500;

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

  const list = (change: ChangedPath): ListedChange => ({
    ...nameChange(change, shownLeft, right.text),
    atLeft: change.left?.from,
    atRight: change.right?.from,
  });
  return {
    left: shownLeft,
    lines,
    changes,
    coarse: coarse || budget.coarse,
    values: found && { listed: found.changes.slice(0, maxListed).map(list), total: found.changes.length },
  };
}
