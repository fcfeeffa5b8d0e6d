import { message } from '../../src/core/base/message';
import type { Body, BodyPart } from '../../src/core/event/body';
import type { PanelBody, PanelOptions } from '../../src/protocol/panel';
import { element, icon } from '../dom';
import type { Language } from '../model/language';
import { createButton, createCheckbox } from '../toolkit';
import { createCopyButton } from './copyButton';

interface BodyBarActions {
  setOptions(options: Partial<PanelOptions>): void;
  /** Resolves with whether it was done. */
  copyBody(): Promise<boolean>;
  openBody(): void;
  openSearch(): void;
}

interface BodyBar {
  readonly element: HTMLElement;
  update(options: PanelOptions): void;
  /** Says what the body is. Hidden where there is none. */
  describe(part: BodyPart, body: PanelBody | undefined): void;
}

/** What a body is, in words, and what can be done with it. */
export function createBodyBar(language: Language, actions: BodyBarActions): BodyBar {
  const { say, count } = language;
  const state = element('span', { class: 'state', role: 'status' });
  const raw = createCheckbox('as-received', say(message('As received')), (value) =>
    actions.setOptions({ pretty: !value }),
  );
  const wrap = createCheckbox('wrap', say(message('Word wrap')), (value) => actions.setOptions({ wrap: value }));
  const find = createButton({
    id: 'find',
    label: say(message('Find (Ctrl+F, ⌘F)')),
    icon: icon('search'),
    onClick: () => actions.openSearch(),
  });
  const copy = createCopyButton('copy-body', say(message('Copy the body')), language, () => actions.copyBody());
  const open = createButton({
    id: 'open-in-editor',
    label: say(message('Open in editor')),
    onClick: () => actions.openBody(),
  });
  const tools = element('span', { class: 'tools' }, raw.element, wrap.element, find, copy, open);
  const bar = element('div', { class: 'bar' }, state, tools);
  return {
    element: bar,
    update(options) {
      raw.set(!options.pretty);
      wrap.set(options.wrap);
    },
    describe(part, body) {
      bar.hidden = !body || body.kind === 'binary' || body.kind === 'empty' || body.kind === 'missing';
      if (!body || bar.hidden) return;
      if (body.kind === 'tooLarge') {
        state.textContent = say(message('Too large for this panel: {0} characters', count(body.length)));
        return;
      }
      const warning = body.kind === 'brokenJson' ? [icon('warning'), ' '] : [];
      state.replaceChildren(...warning, describeBody(body, part, language));
      raw.element.hidden = body.kind !== 'json' || part === 'event';
    },
  };
}

/** "JSON · 730 characters · 1 secret". */
function describeBody(body: Body, part: BodyPart, language: Language): string {
  const { say, count } = language;
  const { length } = body.secrets;
  const kind =
    body.kind === 'brokenJson'
      ? message('Broken JSON, shown as received')
      : body.kind === 'text'
        ? message('Plain text, not JSON')
        : part === 'event'
          ? message('The whole record as JSON')
          : message('JSON');
  const words = [body.problem ? `${say(kind)}: ${say(body.problem)}` : say(kind)];
  words.push(say(message('{0} characters', count(body.text.length + (body.rest ?? 0)))));
  if (body.rest !== undefined) words.push(say(message('the rest is on its way…')));
  else if (length > 0) words.push(say(length === 1 ? message('1 secret') : message('{0} secrets', count(length))));
  return words.join(' · ');
}
