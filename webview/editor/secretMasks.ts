import { RangeSetBuilder, StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import { message } from '../../src/core/base/message';
import { mask, type Secret } from '../../src/core/redact/redact';
import { visibleText } from '../../src/core/base/visibleText';
import { element, icon } from '../dom';
import type { Language } from '../model/language';

/** Where one secret stands, and whether its text is shown. */
interface Place {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly path: string;
  readonly revealed: boolean;
}

interface SecretMasks {
  readonly extension: Extension;
  /** The indices of the secrets that are masked in a stretch of the text, in order. */
  within(state: EditorState, from: number, to: number): number[];
}

const setRevealed = StateEffect.define<{ index: number; revealed: boolean }>();

/**
 * A button behind each mask that fetches what it hides and shows it in place; pressed again, it hides it. Nothing is
 * remembered: the next time the body is shown, all is masked.
 * @param reveal fetches the secret; undefined when that failed (and was said)
 */
export function secretMasks(
  secrets: readonly Secret[],
  language: Language,
  reveal: (index: number) => Promise<string | undefined>,
): SecretMasks {
  const places = StateField.define<{ places: readonly Place[]; decorations: DecorationSet }>({
    create: () =>
      decorate(
        secrets.map(({ start, end, path }, index) => ({ index, from: start, to: end, path, revealed: false })),
        toggle,
        language,
      ),
    update(value, transaction) {
      const effects = transaction.effects.filter((effect) => effect.is(setRevealed));
      if (effects.length === 0 && !transaction.docChanged) return value;
      const changed = value.places.map((place) => ({
        ...place,
        from: transaction.changes.mapPos(place.from, -1),
        to: transaction.changes.mapPos(place.to, 1),
        revealed: effects.findLast((effect) => effect.value.index === place.index)?.value.revealed ?? place.revealed,
      }));
      return decorate(changed, toggle, language);
    },
    provide: (field) => EditorView.decorations.from(field, (value) => value.decorations),
  });

  async function toggle(view: EditorView, index: number): Promise<void> {
    const known = view.state.field(places, false)?.places[index];
    if (!known) return;
    const text = known.revealed ? mask : await reveal(index);
    const place = view.state.field(places, false)?.places[index]; // the body may have changed meanwhile
    if (text === undefined || place?.revealed !== known.revealed) return;
    const hadFocus = view.dom.contains(document.activeElement);
    view.dispatch({
      changes: { from: place.from, to: place.to, insert: view.state.toText(text) },
      effects: setRevealed.of({ index, revealed: !place.revealed }),
    });
    if (hadFocus) view.dom.querySelector<HTMLElement>(`[data-secret="${index}"]`)?.focus();
  }

  return {
    extension: places,
    within: (state, from, to) =>
      (state.field(places, false)?.places ?? [])
        .filter((place) => !place.revealed && place.from >= from && place.to <= to)
        .map(({ index }) => index),
  };
}

function decorate(
  places: readonly Place[],
  toggle: (view: EditorView, index: number) => Promise<void>,
  language: Language,
): { places: readonly Place[]; decorations: DecorationSet } {
  const builder = new RangeSetBuilder<Decoration>();
  for (const place of places) {
    if (place.to > place.from) builder.add(place.from, place.to, Decoration.mark({ class: 'secret' }));
    builder.add(place.to, place.to, Decoration.widget({ widget: new SecretButton(place, toggle, language), side: 1 }));
  }
  return { places, decorations: builder.finish() };
}

class SecretButton extends WidgetType {
  constructor(
    private readonly place: Place,
    private readonly toggle: (view: EditorView, index: number) => Promise<void>,
    private readonly language: Language,
  ) {
    super();
  }

  override eq(other: SecretButton): boolean {
    return other.place.index === this.place.index && other.place.revealed === this.place.revealed;
  }

  override toDOM(view: EditorView): HTMLElement {
    const { index, path, revealed } = this.place;
    const name = visibleText(path, 80);
    const label = this.language.say(revealed ? message('Hide {0}', name) : message('Reveal {0}', name));
    const button = element(
      'button',
      {
        type: 'button',
        class: 'reveal',
        title: label,
        'aria-label': label,
        'data-secret': String(index),
        'data-testid': revealed ? 'hide-secret' : 'reveal-secret',
      },
      icon(revealed ? 'hide' : 'show'),
    );
    button.addEventListener('click', () => void this.toggle(view, index));
    return button;
  }
}
