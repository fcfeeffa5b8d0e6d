import type { Body, BodyPart } from '../../src/core/event/body';
import { message, type Message } from '../../src/core/base/message';
import { visibleText } from '../../src/core/base/visibleText';
import type { PanelBody, PanelOptions } from '../../src/protocol/panel';
import { createBodyEditor, type BodyEditor } from '../editor/bodyEditor';
import { createCopyButton } from './copyButton';
import { element, icon } from '../dom';
import type { Language } from '../model/language';
import type { Link } from '../editor/links';
import type { Answer, Want } from '../model/state';
import { createButton, createCheckbox } from '../toolkit';

interface BodyActions {
  setOptions(options: Partial<PanelOptions>): void;
  copyBody(part: BodyPart, pretty: boolean): Promise<boolean>;
  openBody(part: BodyPart): void;
  follow(link: Link): void;
  /** Undefined when it failed, which was said. */
  reveal(part: BodyPart, pretty: boolean, index: number): Promise<string | undefined>;
}

type BodyWant = Extract<Want, { type: 'body' }>;

const labels: Readonly<Record<BodyPart, Message>> = {
  request: message('Request body'),
  response: message('Response body'),
  event: message('The whole record'),
};

/** One body as what it is: JSON and text in an editor, anything else in words. One editor serves all tabs. */
export function createBodyView(
  language: Language,
  nonce: string,
  actions: BodyActions,
): {
  element: HTMLElement;
  update(want: BodyWant, answer: Answer, options: PanelOptions): void;
  openSearch(): boolean;
} {
  const { say } = language;
  let shown: BodyWant | undefined;
  let shownAnswer: Answer | undefined;
  let editor: BodyEditor | undefined;

  const state = element('span', { class: 'state', role: 'status' });
  const raw = createCheckbox('as-received', say(message('As received')), (value) =>
    actions.setOptions({ pretty: !value }),
  );
  const wrap = createCheckbox('wrap', say(message('Word wrap')), (value) => actions.setOptions({ wrap: value }));
  const find = createButton({
    id: 'find',
    label: say(message('Find (Ctrl+F, ⌘F)')),
    icon: icon('search'),
    onClick: () => openSearch(),
  });
  const copy = createCopyButton('copy-body', say(message('Copy the body')), language, () =>
    shown ? actions.copyBody(shown.part, shown.pretty) : Promise.resolve(false),
  );
  const open = createButton({
    id: 'open-in-editor',
    label: say(message('Open in editor')),
    onClick: () => shown && actions.openBody(shown.part),
  });
  const tools = element('span', { class: 'tools' }, raw.element, wrap.element, find, copy, open);
  const content = element('div', { class: 'content' });
  const bar = element('div', { class: 'bar' }, state, tools);
  const root = element('div', { class: 'body' }, bar, content);

  function openSearch(): boolean {
    return editor?.openSearch() ?? false;
  }

  /** @param goOn whether the body is the one that is shown, now with its rest */
  function showEditor(want: BodyWant, body: Body, wrap: boolean, goOn: boolean): void {
    editor ??= createBodyEditor(language, nonce, wrap, actions.follow);
    editor.setWrap(wrap);
    editor.show(body, say(labels[want.part]), goOn, (index) => actions.reveal(want.part, want.pretty, index));
    if (editor.dom.parentElement !== content) content.replaceChildren(editor.dom);
  }

  function showWords(text: string, words: Message, details?: Message): void {
    editor?.destroy();
    editor = undefined;
    content.replaceChildren(
      element(
        'div',
        { class: 'words' },
        element('p', { 'data-testid': 'body' }, text === '' ? say(words) : visibleText(text)),
        details && element('p', { class: 'none' }, say(details)),
      ),
    );
  }

  function showBody(want: BodyWant, body: PanelBody, wrap: boolean, goOn: boolean): void {
    bar.hidden = false;
    if (body.kind === 'tooLarge') {
      state.textContent = say(message('Too large for this panel: {0} characters', language.count(body.length)));
      showWords('', message('Open it in the editor instead.'));
      return;
    }
    if (body.kind === 'json' || body.kind === 'text' || body.kind === 'brokenJson') {
      state.replaceChildren(
        ...(body.kind === 'brokenJson' ? [icon('warning'), ' '] : []),
        describe(body, want, language),
      );
      raw.element.hidden = body.kind !== 'json' || want.part === 'event';
      showEditor(want, body, wrap, goOn);
      return;
    }
    bar.hidden = true;
    if (body.kind === 'binary') {
      showWords(
        body.text,
        message('Binary data'),
        message('The log keeps only this mark in the place of binary data.'),
      );
    } else if (body.kind === 'empty') {
      showWords('', message('Empty'), message('The body was recorded, and there is nothing in it.'));
    } else showWords('', message('Not recorded'), message('The record has no such field.'));
  }

  return {
    element: root,
    update(want, answer, options) {
      raw.set(!options.pretty);
      wrap.set(options.wrap);
      const isBegun = answer.status === 'body' && 'rest' in answer.body;
      content.setAttribute('aria-busy', String(answer.status === 'waiting' || isBegun));
      if (want !== shown || answer !== shownAnswer) {
        const goOn = want === shown && shownAnswer?.status === 'body';
        shown = want;
        shownAnswer = answer;
        if (answer.status === 'body') showBody(want, answer.body, options.wrap, goOn);
        else if (answer.status === 'failed') {
          bar.hidden = true;
          showWords(language.explain(answer.error), message('Failed'));
        }
      }
      editor?.setWrap(options.wrap);
    },
    openSearch,
  };
}

/** What an editor shows, in words: "JSON · 730 characters · 1 secret". */
function describe(body: Body, want: BodyWant, language: Language): string {
  const { say, count } = language;
  const { length } = body.secrets;
  const kind =
    body.kind === 'brokenJson'
      ? message('Broken JSON, shown as received')
      : body.kind === 'text'
        ? message('Plain text, not JSON')
        : want.part === 'event'
          ? message('The whole record as JSON')
          : message('JSON');
  const words = [body.problem ? `${say(kind)}: ${say(body.problem)}` : say(kind)];
  words.push(say(message('{0} characters', count(body.text.length + (body.rest ?? 0)))));
  if (body.rest !== undefined) words.push(say(message('the rest is on its way…')));
  else if (length > 0) words.push(say(length === 1 ? message('1 secret') : message('{0} secrets', count(length))));
  return words.join(' · ');
}
