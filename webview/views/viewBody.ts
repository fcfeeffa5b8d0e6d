import { message, type Message } from '../../src/core/base/message';
import { visibleText } from '../../src/core/base/visibleText';
import type { Body, BodyPart } from '../../src/core/event/body';
import type { PanelBody, PanelOptions } from '../../src/protocol/panel';
import { element } from '../dom';
import { createBodyEditor, type BodyEditor } from '../editor/bodyEditor';
import type { Link } from '../editor/links';
import type { Language } from '../model/language';
import type { Answer, Want } from '../model/state';
import { createBodyBar } from '../parts/bodyBar';
import type { HostActions } from '../parts/hostActions';

interface BodyActions extends HostActions {
  setOptions(options: Partial<PanelOptions>): void;
  follow(link: Link): void;
  /** Undefined when it failed, which was said. */
  reveal(part: BodyPart, pretty: boolean, index: number): Promise<string | undefined>;
}

interface BodyView {
  readonly element: HTMLElement;
  update(want: BodyWant, answer: Answer, options: PanelOptions): void;
  openSearch(): boolean;
}

type BodyWant = Extract<Want, { type: 'body' }>;

const labels: Readonly<Record<BodyPart, Message>> = {
  request: message('Request body'),
  response: message('Response body'),
  event: message('The whole record'),
};

/** One body as what it is: JSON and text in an editor, anything else in words. One editor serves all tabs. */
export function createBodyView(language: Language, nonce: string, actions: BodyActions): BodyView {
  let shown: BodyWant | undefined;
  let shownAnswer: Answer | undefined;
  let editor: BodyEditor | undefined;

  const openSearch = (): boolean => editor?.openSearch() ?? false;
  const bar = createBodyBar(language, {
    setOptions: (options) => actions.setOptions(options),
    async copyBody() {
      if (!shown) return false;
      const { key, part, pretty } = shown;
      return actions.run('copyBody', { eventId: key, part, pretty });
    },
    openBody: () => shown && void actions.run('openBody', { eventId: shown.key, part: shown.part }),
    openSearch,
  });
  const content = element('div', { class: 'content' });

  /** @param goOn whether the body is the one that is shown, now with its rest */
  function showEditor(want: BodyWant, body: Body, wrap: boolean, goOn: boolean): void {
    editor ??= createBodyEditor(language, nonce, wrap, actions.follow);
    editor.setWrap(wrap);
    const label = language.say(labels[want.part]);
    editor.show(body, label, goOn, (index) => actions.reveal(want.part, want.pretty, index));
    if (editor.dom.parentElement !== content) content.replaceChildren(editor.dom);
  }

  function showWords(...words: Node[]): void {
    editor?.destroy();
    editor = undefined;
    content.replaceChildren(element('div', { class: 'words' }, ...words));
  }

  function show(want: BodyWant, answer: Answer, wrap: boolean, goOn: boolean): void {
    if (answer.status === 'body') {
      const { body } = answer;
      bar.describe(want.part, body);
      if (body.kind === 'json' || body.kind === 'text' || body.kind === 'brokenJson')
        showEditor(want, body, wrap, goOn);
      else showWords(...drawWords(body, language));
    } else if (answer.status === 'failed') {
      bar.describe(want.part, undefined);
      showWords(drawText(visibleText(language.explain(answer.error)) || language.say(message('Failed'))));
    }
  }

  return {
    element: element('div', { class: 'body' }, bar.element, content),
    update(want, answer, options) {
      bar.update(options);
      const isBegun = answer.status === 'body' && 'rest' in answer.body;
      content.setAttribute('aria-busy', String(answer.status === 'waiting' || isBegun));
      if (want !== shown || answer !== shownAnswer) {
        const goOn = want === shown && shownAnswer?.status === 'body';
        shown = want;
        shownAnswer = answer;
        show(want, answer, options.wrap, goOn);
      }
      editor?.setWrap(options.wrap);
    },
    openSearch,
  };
}

/** What stands in the place of a body that an editor cannot show. */
function drawWords(body: PanelBody, { say }: Language): Node[] {
  const details = (text: Message): HTMLElement => element('p', { class: 'none' }, say(text));
  if (body.kind === 'tooLarge') return [drawText(say(message('Open it in the editor instead.')))];
  if (body.kind === 'binary') {
    return [
      drawText(visibleText(body.text) || say(message('Binary data'))),
      details(message('The log keeps only this mark in the place of binary data.')),
    ];
  }
  if (body.kind === 'empty') {
    return [drawText(say(message('Empty'))), details(message('The body was recorded, and there is nothing in it.'))];
  }
  return [drawText(say(message('Not recorded'))), details(message('The record has no such field.'))];
}

function drawText(text: string): HTMLElement {
  return element('p', { 'data-testid': 'body' }, text);
}
