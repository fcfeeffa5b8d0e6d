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
  const { difference, language } = spec;
  const { lines, changes } = difference;
  const { left, right } = difference.prepared;
  const unchanged = spec.unchanged
    ? []
    : findUnchanged(lines, { left: left.document.lines, right: right.document.lines });
  const fold = (line: (stretch: Unchanged) => number): Folds =>
    foldUnchanged(
      unchanged.map((stretch): FoldedLines => ({ line: line(stretch), count: stretch.count })),
      language,
      (_view, index) => views.forEach(({ view, folds }) => folds.unfold(view, index)),
    );
  const extensions = (label: string, { highlighting }: PreparedText, folds: Folds): Extension => [
    viewer({ label, nonce: spec.nonce, language }),
    spec.json ? [highlighting, openedMarks(language)] : [],
    EditorView.lineWrapping,
    folds.extension,
  ];
  const { views, ...view } = spec.split ? createSplit() : createUnified();

  function createSplit(): Views {
    const [foldsA, foldsB] = [fold((stretch) => stretch.left), fold((stretch) => stretch.right)];
    const marked = changes.map(({ fromA, toA, fromB, toB }) => new Change(fromA, toA, fromB, toB));
    const merge = new MergeView({
      // Asked for the whole texts only, since they never change. The view changes the list it gets.
      diffConfig: { override: () => [...marked] },
      a: { doc: left.document, extensions: extensions(language.say(message('Before')), left, foldsA) },
      b: { doc: right.document, extensions: extensions(language.say(message('After')), right, foldsB) },
    });
    const { a, b } = merge;
    return {
      views: [
        { view: b, folds: foldsB },
        { view: a, folds: foldsA },
      ],
      element: merge.dom,
      destroy: () => merge.destroy(),
      placeOf: (atLeft, atRight) => (atRight === undefined ? [a, atLeft ?? 0] : [b, atRight]),
      startsIn: (view) => lines.map(({ fromA, fromB }) => (view === a ? fromA : fromB)),
    };
  }

  function createUnified(): Views {
    const folds = fold((stretch) => stretch.unified);
    const unified = unifyTexts(left.text, right.text, lines, changes);
    const label = language.say(message('Before and after'));
    const view = new EditorView({ state: unifiedState(unified, extensions(label, right, folds)) });
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
