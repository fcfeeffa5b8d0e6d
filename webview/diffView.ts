import { Change, MergeView, unifiedMergeView, type DirectMergeConfig } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { message } from '../src/core/message';
import { hasHiddenCharacters, jsonSupport, viewer } from './editor';
import type { Language } from './language';
import { diffText } from './textDiff';

export interface DiffSpec {
  readonly left: string;
  readonly right: string;
  readonly json: boolean;
  readonly split: boolean;
  /** Whether unchanged stretches are unfolded. */
  readonly unchanged: boolean;
  readonly language: Language;
  readonly nonce: string;
}

export interface DiffView {
  readonly element: HTMLElement;
  /** Whether the difference is coarser than it had to be. */
  readonly coarse: boolean;
  /** Scrolls to a place in the right text, or in the left one where the right has no such place. */
  reveal(left: number | undefined, right: number | undefined): void;
  openSearch(open: (view: EditorView) => boolean): boolean;
  destroy(): void;
}

/** A deletion longer than this (characters) is shown side by side only: in the unified view all of it is drawn at once. */
const longestDeletion = 100_000;

/** Two texts side by side, or the left one's lines above the right one's. */
export function createDiffView(spec: DiffSpec): DiffView {
  const { left, right, language } = spec;
  const diff = diffText(left, right);
  const changes = diff.changes.map(({ fromA, toA, fromB, toB }) => new Change(fromA, toA, fromB, toB));
  const shared = {
    // Asked for the whole texts only, since they never change. The view changes the list it gets.
    diffConfig: { override: () => [...changes] },
    ...(!spec.unchanged && { collapseUnchanged: { margin: 3, minSize: 6 } }),
  } satisfies Partial<DirectMergeConfig>;

  const extensions = (label: string, text: string): Extension => [
    viewer({ label, nonce: spec.nonce, language }),
    spec.json ? jsonSupport(text) : [],
    EditorView.lineWrapping,
  ];
  const before = language.say(message('Before'));
  const after = language.say(message('After'));

  if (spec.split || !canUnify(left, changes)) {
    const view = new MergeView({
      ...shared,
      a: { doc: left, extensions: extensions(before, left) },
      b: { doc: right, extensions: extensions(after, right) },
    });
    return {
      element: view.dom,
      coarse: diff.coarse,
      reveal: (atLeft, atRight) => (atRight === undefined ? scrollTo(view.a, atLeft) : scrollTo(view.b, atRight)),
      openSearch: (open) => open(view.a.hasFocus ? view.a : view.b),
      destroy: () => view.destroy(),
    };
  }
  const original = EditorState.create({ doc: left, extensions: EditorState.lineSeparator.of('\n') }).doc;
  const view = new EditorView({
    doc: right,
    extensions: [
      extensions(after, right),
      unifiedMergeView({ ...shared, original, mergeControls: false, gutter: true }),
    ],
  });
  return {
    element: view.dom,
    coarse: diff.coarse,
    reveal: (_atLeft, atRight) => scrollTo(view, atRight),
    openSearch: (open) => open(view),
    destroy: () => view.destroy(),
  };
}

/** The unified view draws deleted lines as plain text: all at once, and hidden characters unseen. */
function canUnify(left: string, changes: readonly Change[]): boolean {
  return (
    changes.every((change) => change.toA - change.fromA <= longestDeletion) &&
    !changes.some((change) => hasHiddenCharacters(left.slice(change.fromA, change.toA)))
  );
}

function scrollTo(view: EditorView, at: number | undefined): void {
  if (at === undefined) return;
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
  view.focus();
}
