import type { BodyKind } from '../../src/core/event/body';
import { message, type Message } from '../../src/core/base/message';
import type { Comparison, PanelBody } from '../../src/protocol/panel';
import type { Difference, ListedChange } from '../model/difference';
import { element, icon, type Child } from '../dom';
import type { Language } from '../model/language';

/** This many changed values are listed at first. */
const listedFirst = 100;

/** What the two sides of a comparison are. */
const sideNames = {
  parts: { left: message('The request body'), right: message('The response body') },
  request: { left: message('The request body of the other event'), right: message('The request body of this event') },
  response: {
    left: message('The response body of the other event'),
    right: message('The response body of this event'),
  },
  event: { left: message('The record of the other event'), right: message('The record of this event') },
} as const;

/** Whether there is a text to compare. */
export function isText(kind: PanelBody['kind']): boolean {
  return kind === 'json' || kind === 'text' || kind === 'brokenJson';
}

/** What must be said of a side that is no JSON. */
function describeKind(kind: BodyKind, name: Message): Message | undefined {
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

/** What must be known to read the comparison rightly. */
export function describeComparison(
  { part, left, right, baseline, skipped, gap }: Comparison,
  difference: Difference | undefined,
  ofParts: boolean,
): Message[] {
  if (!left) {
    return skipped > 0
      ? [message('None of the {0} earlier events of this resource carries such a body.', skipped)]
      : [message('No earlier event of this resource is loaded: there is nothing to compare with.')];
  }
  const names = sideNames[ofParts ? 'parts' : part];
  if (left.kind === 'tooLarge' || right.kind === 'tooLarge') {
    return [message('Too large to compare here. Open them in the diff editor instead.')];
  }
  return [
    baseline && skipped > 0 && message('{0} events in between carry no such body.', skipped),
    gap && message('Not all of the time in between is loaded: an earlier event may be missing.'),
    describeKind(left.kind, names.left),
    describeKind(right.kind, names.right),
    difference?.coarse === true &&
      message('These texts differ too much to be compared line by line: parts are shown as one block.'),
  ].filter((note) => typeof note === 'object');
}

export function drawNotes(notes: readonly Message[], { say }: Language): HTMLElement[] {
  return notes.map((note) => element('p', { class: 'note' }, icon('info'), say(note)));
}

/** The list of changed values: "resize.flavorRef: STD2-2-4 → STD4-8-16". */
export function drawSummary(
  difference: Difference,
  match: boolean,
  language: Language,
  jump: (change: ListedChange) => void,
): HTMLElement[] {
  const { say, count } = language;
  const { values, lines } = difference;
  const ignored = say(
    match ? message('key order ignored, list elements matched by id or name') : message('key order ignored'),
  );
  if (lines.length === 0 && !values?.total) {
    const same = say(message('No differences.'));
    return [element('p', { class: 'words' }, values ? `${same} · ${ignored}` : same)];
  }
  if (!values) return [];
  const list = element('ul', { class: 'paths', 'aria-label': say(message('Changed values')) });
  const more = element('button', { type: 'button', class: 'link', id: 'more-changes' });
  const draw = (shown: number): void => {
    list.append(
      ...values.listed.slice(list.childElementCount, shown).map((change) => drawChange(change, language, jump)),
    );
    const rest = values.listed.length - list.childElementCount;
    more.hidden = rest <= 0;
    more.textContent = say(message('Show {0} more', count(rest)));
  };
  draw(listedFirst);
  more.addEventListener('click', () => {
    const next = list.childElementCount;
    draw(Infinity);
    list.children[next]?.querySelector('button')?.focus();
  });
  const unlisted = values.total - values.listed.length;
  return [
    list,
    element(
      'p',
      { class: 'none' },
      `${say(message('{0} changed values', count(values.total)))} · `,
      more,
      unlisted > 0 ? ` ${say(message('{0} of them are not listed', count(unlisted)))} · ` : more.hidden ? '' : ' · ',
      ignored,
    ),
  ];
}

const words = {
  changed: message('changed'),
  added: message('added'),
  removed: message('removed'),
  order: message('order changed'),
} as const;

function drawChange(change: ListedChange, { say }: Language, jump: (change: ListedChange) => void): HTMLElement {
  const { kind, path, left, right, masked } = change;
  const link = element(
    'button',
    { type: 'button', class: 'path', title: say(message('Go to this place')) },
    path === '' ? '$' : path,
  );
  link.addEventListener('click', () => jump(change));
  const word = say(words[kind]);
  const value = (tag: 'del' | 'ins', text: string | undefined): Child =>
    text === undefined ? undefined : element(tag, {}, text);
  const values: Child[] = masked
    ? [`${word} (${say(message('masked'))})`]
    : kind === 'changed'
      ? [element('span', { class: 'hidden' }, `${word} `), value('del', left), ' → ', value('ins', right)]
      : [word, ' ', value('del', left), value('ins', right)];
  return element(
    'li',
    { class: kind, 'data-testid': 'change' },
    icon(kind),
    element('span', {}, link, ': ', ...values),
  );
}
