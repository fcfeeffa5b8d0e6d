import type { BodyKind } from '../src/core/body';
import { message, type Message } from '../src/core/message';
import { visibleText } from '../src/core/visibleText';
import { showValue, type ChangedPath } from './changedPaths';
import { element } from './dom';
import type { Language } from './language';

/** More changed values than this are counted, not listed. */
const mostListed = 200;

/** What the two sides of a comparison are. */
export const sideNames = {
  parts: { left: message('The request body'), right: message('The response body') },
  request: { left: message('The request body of the other event'), right: message('The request body of this event') },
  response: {
    left: message('The response body of the other event'),
    right: message('The response body of this event'),
  },
} as const;

/** Whether there is a text to compare. */
export function isText(kind: BodyKind): boolean {
  return kind === 'json' || kind === 'text' || kind === 'brokenJson';
}

/** What must be said of a side that is no JSON. */
export function describeKind(kind: BodyKind, name: Message): Message | undefined {
  switch (kind) {
    case 'json':
      return undefined;
    case 'text':
      return message('{0} is plain text, not JSON.', name);
    case 'brokenJson':
      return message('{0} is broken JSON, compared as text.', name);
    case 'empty':
      return message('{0} is empty.', name);
    case 'binary':
      return message('{0} is binary data, which the log does not keep.', name);
    case 'missing':
      return message('{0} was not recorded.', name);
  }
}

export function drawNotes(notes: readonly (Message | undefined)[], { say }: Language): HTMLElement[] {
  return notes.filter((note) => note !== undefined).map((note) => element('p', { class: 'note' }, say(note)));
}

/** The list of changed values: "resize.flavorRef: STD2-2-4 → STD4-8-16". */
export function drawSummary(
  changed: readonly ChangedPath[],
  changedSecrets: readonly string[],
  language: Language,
  jump: (change: ChangedPath) => void,
): HTMLElement[] {
  const { say } = language;
  const total = changed.length + changedSecrets.length;
  if (total === 0) {
    return [element('p', { class: 'words' }, say(message('No differences. The order of keys is ignored.')))];
  }
  const items = [
    ...changed.slice(0, mostListed).map((change) => drawChange(change, language, jump)),
    ...changedSecrets
      .slice(0, mostListed)
      .map((path) =>
        element(
          'li',
          {},
          element('span', { class: 'path' }, visibleText(path)),
          ': ',
          say(message('secret values that differ')),
        ),
      ),
  ];
  const rest = total - items.length;
  return [
    element('ul', { class: 'paths', 'aria-label': say(message('Changed values')), tabindex: '0' }, ...items),
    element(
      'p',
      { class: 'none' },
      rest > 0 ? `${say(message('and {0} more', language.count(rest)))} · ` : '',
      say(message('key order ignored')),
    ),
  ];
}

function drawChange(change: ChangedPath, { say }: Language, jump: (change: ChangedPath) => void): HTMLElement {
  const { path, left, right } = change;
  const title = say(message('Go to this place'));
  const link = element('button', { type: 'button', class: 'path', title }, visibleText(path || '$'));
  link.addEventListener('click', () => jump(change));
  const value = (tag: 'del' | 'ins', raw: string, other: string | undefined): HTMLElement =>
    element(tag, {}, visibleText(showValue(raw, other)));
  if (left === undefined) {
    return element('li', {}, link, ': ', say(message('added')), ' ', value('ins', right ?? '', undefined));
  }
  if (right === undefined) {
    return element('li', {}, link, ': ', say(message('removed')), ' ', value('del', left, undefined));
  }
  return element('li', {}, link, ': ', value('del', left, right), ' → ', value('ins', right, left));
}
