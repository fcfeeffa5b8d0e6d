import { Change, MergeView } from '@codemirror/merge';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { message } from '../../src/core/base/message';
import type { PreparedDifference, PreparedText } from '../model/difference';
import { openedMarks, viewer } from './editor';
import { foldUnchanged, type FoldedLines, type Folds } from './foldUnchanged';
import type { Language } from '../model/language';
import { findUnchanged, unifyTexts, type Unchanged } from '../model/unifiedText';
import { unifiedState } from './unifiedView';

interface DiffSpec {
  readonly difference: PreparedDifference;
  readonly json: boolean;
  readonly split: boolean;
  /** Whether unchanged stretches are unfolded. */
  readonly unchanged: boolean;
  readonly language: Language;
  readonly nonce: string;
}

export interface DiffView {
  readonly element: HTMLElement;
  /** Goes to a place in the right text, or in the left one where the right has no such place. */
  reveal(left: number | undefined, right: number | undefined): void;
  /** Goes to the next change or the one before, around the end; its index. */
  step(direction: 1 | -1): number | undefined;
  openSearch(open: (view: EditorView) => boolean): boolean;
  destroy(): void;
}

/** Two texts side by side, or both in one. */
export function createDiffView(spec: DiffSpec): DiffView {
  const { lines } = spec.difference;
  const { views, ...view } = spec.split ? createSplit(spec) : createUnified(spec);

  function goTo(target: EditorView, position: number): void {
    const folded = views.find(({ view }) => view === target)?.folds.at(target, position);
    if (folded !== undefined) views.forEach(({ view, folds }) => folds.unfold(view, folded));
    target.dispatch({
      selection: { anchor: position },
      effects: EditorView.scrollIntoView(position, { y: 'center' }),
    });
    target.focus();
  }

  const focused = (): EditorView => (views.find(({ view }) => view.hasFocus) ?? views[0]).view;

  return {
    element: view.element,
    reveal: (atLeft, atRight) => goTo(...view.placeOf(atLeft, atRight)),
    step(direction) {
      if (lines.length === 0) return undefined;
      const target = focused();
      const { head } = target.state.selection.main;
      const { doc } = target.state;
      const starts = view.startsIn(target).map((line) => doc.line(Math.min(line + 1, doc.lines)).from);
      const found =
        direction > 0
          ? starts.findIndex((start) => start > head || (start === head && !target.hasFocus))
          : starts.findLastIndex((start) => start < head);
      const index = found >= 0 ? found : direction > 0 ? 0 : starts.length - 1;
      goTo(target, starts[index] as number);
      return index;
    },
    openSearch: (open) => open(focused()),
    destroy: view.destroy,
  };
}

interface Side {
  readonly view: EditorView;
  readonly folds: Folds;
}

/** The editors of one layout. */
interface Views {
  /** The one to begin with first. */
  readonly views: readonly [Side, ...Side[]];
  readonly element: HTMLElement;
  destroy(): void;
  placeOf(left: number | undefined, right: number | undefined): [EditorView, number];
  /** The lines, from 0, on which the stretches that differ begin in one of the editors. */
  startsIn(view: EditorView): number[];
}

function createSplit(spec: DiffSpec): Views {
  const { lines, changes, prepared } = spec.difference;
  const { left, right } = prepared;
  const { say } = spec.language;
  const unchanged = unchangedOf(spec);
  const unfold = (_view: EditorView, index: number): void =>
    views.forEach(({ view, folds }) => folds.unfold(view, index));
  const foldsA = foldLines(unchanged, 'left', spec, unfold);
  const foldsB = foldLines(unchanged, 'right', spec, unfold);
  const marked = changes.map(({ fromA, toA, fromB, toB }) => new Change(fromA, toA, fromB, toB));
  const merge = new MergeView({
    // Asked for the whole texts only, since they never change. The view changes the list it gets.
    diffConfig: { override: () => [...marked] },
    a: { doc: left.document, extensions: extensionsOf(spec, say(message('Before')), left, foldsA) },
    b: { doc: right.document, extensions: extensionsOf(spec, say(message('After')), right, foldsB) },
  });
  const { a, b } = merge;
  const views: [Side, Side] = [
    { view: b, folds: foldsB },
    { view: a, folds: foldsA },
  ];
  return {
    views,
    element: merge.dom,
    destroy: () => merge.destroy(),
    placeOf: (atLeft, atRight) => (atRight === undefined ? [a, atLeft ?? 0] : [b, atRight]),
    startsIn: (view) => lines.map(({ fromA, fromB }) => (view === a ? fromA : fromB)),
  };
}

function createUnified(spec: DiffSpec): Views {
  const { lines, changes, prepared } = spec.difference;
  const { left, right } = prepared;
  const folds = foldLines(unchangedOf(spec), 'unified', spec, (view, index) => folds.unfold(view, index));
  const unified = unifyTexts(left.text, right.text, lines, changes);
  const label = spec.language.say(message('Before and after'));
  const view = new EditorView({ state: unifiedState(unified, extensionsOf(spec, label, right, folds)) });
  return {
    views: [{ view, folds }],
    element: view.dom,
    destroy: () => view.destroy(),
    placeOf: (atLeft, atRight) => [
      view,
      atRight === undefined ? unified.placeOf('left', atLeft ?? 0) : unified.placeOf('right', atRight),
    ],
    startsIn: () => {
      let removed = 0;
      return lines.map(({ fromA, toA, fromB }) => {
        removed += toA - fromA;
        return fromB + removed - (toA - fromA);
      });
    },
  };
}

/** The stretches that are folded. */
function unchangedOf({ difference, unchanged }: DiffSpec): readonly Unchanged[] {
  const { left, right } = difference.prepared;
  if (unchanged) return [];
  return findUnchanged(difference.lines, { left: left.document.lines, right: right.document.lines });
}

function foldLines(
  stretches: readonly Unchanged[],
  side: 'left' | 'right' | 'unified',
  { language }: DiffSpec,
  onUnfold: (view: EditorView, index: number) => void,
): Folds {
  const folded = stretches.map((stretch): FoldedLines => ({ line: stretch[side], count: stretch.count }));
  return foldUnchanged(folded, language, onUnfold);
}

function extensionsOf(
  { language, nonce, json }: DiffSpec,
  label: string,
  { highlighting }: PreparedText,
  folds: Folds,
): Extension {
  return [
    viewer({ label, nonce, language }),
    json ? [highlighting, openedMarks(language)] : [],
    EditorView.lineWrapping,
    folds.extension,
  ];
}
