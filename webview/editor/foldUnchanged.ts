import { StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import { message } from '../../src/core/base/message';
import { element } from '../dom';
import type { Language } from '../model/language';

/** Lines to fold, numbered from 0. */
export interface FoldedLines {
  readonly line: number;
  readonly count: number;
}

export interface Folds {
  readonly extension: Extension;
  unfold(view: EditorView, index: number): void;
  /** The folded stretch around a place. */
  at(view: EditorView, position: number): number | undefined;
}

/**
 * Shows each stretch as one button that unfolds it.
 * @param onUnfold asked to unfold the stretch (here and in whatever stands beside)
 */
export function foldUnchanged(
  stretches: readonly FoldedLines[],
  language: Language,
  onUnfold: (view: EditorView, index: number) => void,
): Folds {
  const unfold = StateEffect.define<number>();
  const field = StateField.define<DecorationSet>({
    create: (state) => Decoration.set(stretches.map((stretch, index) => replace(state, stretch, index))),
    update: (folds, { effects }) =>
      effects.reduce(
        (rest, effect) =>
          effect.is(unfold) ? rest.update({ filter: (_from, _to, fold) => indexOf(fold) !== effect.value }) : rest,
        folds,
      ),
    provide: (field) => EditorView.decorations.from(field),
  });

  function replace(state: EditorState, { line, count }: FoldedLines, index: number): ReturnType<Decoration['range']> {
    const widget = new FoldButton(count, language, (view) => onUnfold(view, index));
    return Decoration.replace({ widget, block: true, index }).range(
      state.doc.line(line + 1).from,
      state.doc.line(line + count).to,
    );
  }

  const at = (view: EditorView, position: number): number | undefined => {
    let found: number | undefined;
    view.state.field(field).between(position, position, (from, to, fold) => {
      if (from < position && position < to) found = indexOf(fold);
    });
    return found;
  };
  return {
    extension: [
      field,
      // What the search finds in a fold is shown.
      EditorView.updateListener.of(({ view, selectionSet, state }) => {
        const index = selectionSet ? at(view, state.selection.main.head) : undefined;
        if (index !== undefined) onUnfold(view, index);
      }),
    ],
    unfold: (view, index) => view.dispatch({ effects: unfold.of(index) }),
    at,
  };
}

function indexOf(fold: Decoration): number {
  return (fold.spec as { index: number }).index;
}

class FoldButton extends WidgetType {
  constructor(
    private readonly count: number,
    private readonly language: Language,
    private readonly onClick: (view: EditorView) => void,
  ) {
    super();
  }

  override get estimatedHeight(): number {
    return 26;
  }

  override toDOM(view: EditorView): HTMLElement {
    const { count, language } = this;
    const label = language.say(message('{0} unchanged lines', language.count(count)));
    const title = language.say(message('Show them'));
    const button = element('button', { type: 'button', class: 'unfold', title }, label);
    button.addEventListener('click', () => {
      const at = view.posAtDOM(button);
      this.onClick(view);
      view.dispatch({ selection: { anchor: at } });
      view.focus();
    });
    return element('div', { class: 'cm-collapsedLines' }, button);
  }
}
