import { standardKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  syntaxHighlighting,
} from '@codemirror/language';
import { gotoLine, highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type PluginValue,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { openedMark } from '../../src/core/json/jsonLayout';
import { message } from '../../src/core/base/message';
import { element } from '../dom';
import type { Language } from '../model/language';

interface ViewerOptions {
  readonly label: string;
  /** The page's nonce, for the styles the editor adds. */
  readonly nonce: string;
  readonly language: Language;
  readonly testId?: string;
}

/** A read-only editor in the colours of the editor around it. Keyboard, selection and search work as everywhere. */
export function viewer({ label, nonce, language, testId }: ViewerOptions): Extension {
  return [
    EditorView.cspNonce.of(nonce),
    EditorState.readOnly.of(true),
    // Keeps carriage returns as what they are, so that places in the text stay true.
    EditorState.lineSeparator.of('\n'),
    EditorState.phrases.of(phrases(language)),
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-readonly': 'true',
      tabindex: '0',
      ...(testId !== undefined && { 'data-testid': testId }),
    }),
    lineNumbers(),
    codeFolding(),
    foldGutter({
      markerDOM: (open) => element('span', { class: `fold ${open ? 'open' : 'closed'}`, 'aria-hidden': 'true' }),
    }),
    bracketMatching(),
    search({ top: true }),
    highlightSelectionMatches(),
    keymap.of([
      { key: 'Ctrl-g', run: gotoLine, preventDefault: true },
      ...searchKeymap,
      ...foldKeymap,
      ...standardKeymap,
    ]),
    visibleCharacters,
    syntaxHighlighting(colours),
  ];
}

const deepest = 500;
const maxParsed = 8_000_000;

/** Highlighting and folding for JSON; nothing for texts so long or so deeply nested that the parser would hang. */
export function jsonSupport(text: string): Extension {
  return text.length <= maxParsed && depthOf(text) <= deepest ? json() : [];
}

/** How deeply brackets nest, those in strings included: good enough for a limit. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) | 0x20;
    if (code === 0x7b) most = Math.max(most, ++depth);
    else if (code === 0x7d) depth--;
  }
  return most;
}

/** Control characters, what has no width or turns the direction, halves of surrogate pairs. */
const hiddenCharacters =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

const visibleCharacters = highlightSpecialChars({
  specialChars: hiddenCharacters,
  render: (code, description) => {
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    return element('span', { class: 'special', title: description ?? name, 'aria-label': name }, name);
  },
});

/** Shows where JSON that stands in a string was opened. */
export function openedMarks({ say }: Language): Extension {
  const title = say(message('This JSON stands in a string.'));
  const mark = Decoration.replace({ widget: new OpenedMark(title) });
  const decorator = new MatchDecorator({ regexp: new RegExp(`${openedMark}(?=[[{])`, 'g'), decoration: mark });
  return ViewPlugin.define(
    (view): PluginValue & { marks: DecorationSet } => ({
      marks: decorator.createDeco(view),
      update(update) {
        this.marks = decorator.updateDeco(update, this.marks);
      },
    }),
    { decorations: ({ marks }) => marks },
  );
}

class OpenedMark extends WidgetType {
  constructor(private readonly title: string) {
    super();
  }

  override toDOM(): HTMLElement {
    return element('span', { class: 'opened', title: this.title, role: 'img', 'aria-label': this.title }, '“”');
  }
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--vscode-debugTokenExpression-name, inherit)' },
  { tag: tags.string, color: 'var(--vscode-debugTokenExpression-string, inherit)' },
  { tag: tags.number, color: 'var(--vscode-debugTokenExpression-number, inherit)' },
  { tag: [tags.bool, tags.null], color: 'var(--vscode-debugTokenExpression-boolean, inherit)' },
  { tag: tags.invalid, class: 'invalid' },
]);

/** CodeMirror's own English texts. */
function phrases({ say }: Language): Record<string, string> {
  return {
    Find: say(message('Find')),
    next: say(message('next')),
    previous: say(message('previous')),
    all: say(message('all')),
    'match case': say(message('match case')),
    regexp: say(message('regular expression')),
    'by word': say(message('whole word')),
    close: say(message('close')),
    'Go to line': say(message('Go to line')),
    go: say(message('go')),
    'current match': say(message('current match')),
    'on line': say(message('on line')),
    'Control character': say(message('Control character')),
    'Folded lines': say(message('Folded lines')),
    'Unfolded lines': say(message('Unfolded lines')),
    to: say(message('to')),
    unfold: say(message('unfold')),
    'folded code': say(message('folded code')),
  };
}
