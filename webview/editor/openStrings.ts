import { RangeSet, StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, WidgetType, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import { layOutJson } from '../../src/core/json/jsonLayout';
import { endOfString } from '../../src/core/json/jsonScanner';
import { message } from '../../src/core/base/message';
import { element } from '../dom';
import type { Language } from '../model/language';

/** Longer lines are not looked through for strings to open. */
const maxLine = 2_000_000;

const setOpen = StateEffect.define<{ from: number; open: boolean }>();

/** The content of a string literal that is an object or a list, laid out; undefined where it is none. */
function readInner(literal: string): string | undefined {
  if (!/^"\s*(?:\\[nrt]\s*)*[{[]/.test(literal)) return undefined;
  try {
    const laidOut = layOutJson(String(JSON.parse(literal)));
    return typeof laidOut === 'string' ? laidOut : undefined;
  } catch {
    return undefined;
  }
}

type CreateView = (text: string, outer: EditorState, from: number, to: number) => EditorView;

/**
 * A button behind each string that holds JSON, which opens it in place: laid out in an editor of its own, below its line.
 * @param createView makes the inner editor for the string that stands at `from` in the outer one
 */
export function openStrings(language: Language, createView: CreateView): Extension {
  const opened = openPlaces(createView);
  const decorate = (view: EditorView): DecorationSet => drawButtons(view, view.state.field(opened), language);
  const buttons = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorate(view);
      }
      update(update: ViewUpdate): void {
        const toggled = update.startState.field(opened) !== update.state.field(opened);
        if (update.docChanged || update.viewportChanged || toggled) this.decorations = decorate(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
  return [opened, buttons];
}

/** Where the opened strings begin, in order, with their inner editors. */
function openPlaces(createView: CreateView): StateField<readonly number[]> {
  return StateField.define<readonly number[]>({
    create: () => [],
    update(places, transaction) {
      let changed = transaction.docChanged ? places.map((place) => transaction.changes.mapPos(place, 1)) : places;
      for (const effect of transaction.effects) {
        if (!effect.is(setOpen)) continue;
        const { from, open } = effect.value;
        changed = changed.filter((place) => place !== from);
        if (open) changed = [...changed, from].sort((a, b) => a - b);
      }
      return changed;
    },
    provide: (field) =>
      EditorView.decorations.compute([field, 'doc'], (state) =>
        RangeSet.of(
          state.field(field).flatMap((from) => {
            const literal = literalAt(state, from);
            const text = readInner(literal);
            if (text === undefined) return [];
            const widget = new InnerWidget(text, () => createView(text, state, from, from + literal.length));
            return [Decoration.widget({ widget, block: true, side: 1 }).range(state.doc.lineAt(from).to)];
          }),
          true,
        ),
      ),
  });
}

/** A button behind each string with JSON, as far as they are seen. */
function drawButtons(view: EditorView, opened: readonly number[], language: Language): DecorationSet {
  const { doc } = view.state;
  const found = [];
  let done = -1;
  for (const { from, to } of view.visibleRanges) {
    for (let line = doc.lineAt(from); line.from <= to; line = doc.line(line.number + 1)) {
      if (line.from > done && line.length <= maxLine) {
        for (const [start, end] of stringsIn(line.text)) {
          const place = line.from + start;
          const widget = new OpenButton(place, opened.includes(place), language);
          found.push(Decoration.widget({ widget, side: 2 }).range(line.from + end));
        }
      }
      done = line.from;
      if (line.number === doc.lines) break;
    }
  }
  return RangeSet.of(found, true);
}

/** The string literals of a line that hold JSON with content. */
function* stringsIn(line: string): Generator<[number, number]> {
  for (let start = line.indexOf('"'); start >= 0;) {
    const end = endOfString(line, start) + 1;
    const literal = line.slice(start, end);
    if (holdsJson(literal)) yield [start, end];
    start = line.indexOf('"', end);
  }
}

/** What {@link holdsJson} found lately: scrolling asks for the same strings again and again. */
const known = new Map<string, boolean>();
const maxKnown = 500;

function holdsJson(literal: string): boolean {
  if (literal.length < 7) return false;
  let holds = known.get(literal);
  if (holds === undefined) {
    holds = readInner(literal) !== undefined;
    if (known.size >= maxKnown) known.clear();
    known.set(literal, holds);
  }
  return holds;
}

function literalAt(state: EditorState, from: number): string {
  const line = state.doc.lineAt(from);
  return line.text.slice(from - line.from, endOfString(line.text, from - line.from) + 1);
}

class OpenButton extends WidgetType {
  constructor(
    private readonly place: number,
    private readonly isOpen: boolean,
    private readonly language: Language,
  ) {
    super();
  }

  override eq(other: OpenButton): boolean {
    return other.place === this.place && other.isOpen === this.isOpen;
  }

  override toDOM(view: EditorView): HTMLElement {
    const { place, isOpen, language } = this;
    const label = language.say(
      isOpen ? message('Close the JSON of this string') : message('Open the JSON in this string'),
    );
    const button = element(
      'button',
      {
        type: 'button',
        class: 'open-string',
        title: label,
        'aria-label': label,
        'aria-expanded': String(isOpen),
        'data-testid': 'open-string',
        'data-place': String(place),
      },
      '{…}',
    );
    button.addEventListener('click', () => {
      const hadFocus = document.activeElement === button;
      view.dispatch({ effects: setOpen.of({ from: place, open: !isOpen }) });
      if (hadFocus) view.dom.querySelector<HTMLElement>(`[data-place="${place}"]`)?.focus();
    });
    return button;
  }
}

class InnerWidget extends WidgetType {
  #view: EditorView | undefined;

  constructor(
    private readonly text: string,
    private readonly createView: () => EditorView,
  ) {
    super();
  }

  override eq(other: InnerWidget): boolean {
    return other.text === this.text;
  }

  override toDOM(): HTMLElement {
    this.#view = this.createView();
    return element('div', { class: 'inner', 'data-testid': 'opened-string' }, this.#view.dom);
  }

  override destroy(dom: HTMLElement): void {
    this.#view?.destroy();
    dom.replaceChildren();
  }

  /** The inner editor handles its own. */
  override ignoreEvent(): boolean {
    return true;
  }
}
