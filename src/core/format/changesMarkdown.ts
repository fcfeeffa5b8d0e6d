import type { BodyPart } from '../event/body';
import type { ChangedValue } from '../diff/changedValues';
import { escapeInline } from '../base/markdownText';
import { message, type Message } from '../base/message';

/** What one event's body has that the one before it had not. Secrets are masked. */
export interface EventChanges {
  readonly part: BodyPart;
  /** The other event in words. */
  readonly since: string;
  readonly values: readonly ChangedValue[];
  /** Not all times between both events are loaded. */
  readonly gap: boolean;
}

const maxListed = 30;

const partNames = {
  request: message('Request'),
  response: message('Response'),
  event: message('The whole record'),
} as const satisfies Record<BodyPart, Message>;

/** Heading and list for a ticket; nothing in it is markup. */
export function changesMarkdown({ part, since, values, gap }: EventChanges, say: (text: Message) => string): string[] {
  const list = values.slice(0, maxListed).map((value) => `- ${escapeInline(tell(value, say))}`);
  if (values.length === 0) list.push(say(message('No differences.')));
  const rest = values.length - list.length;
  if (rest > 0) list.push(`- ${say(message('{0} more', rest))}`);
  return [
    escapeInline(say(message('{0}: changes since {1}', partNames[part], since))),
    list.join('\n'),
    ...(gap ? [say(message('Not all of the time in between is loaded: an earlier event may be missing.'))] : []),
  ];
}

function tell({ kind, path, left = '', right = '', masked }: ChangedValue, say: (text: Message) => string): string {
  const texts: Readonly<Record<ChangedValue['kind'], () => string>> = {
    changed: () => (masked ? `${say(message('changed'))} (${say(message('masked'))})` : `${left} → ${right}`),
    added: () => `${say(message('added'))} ${right}`,
    removed: () => `${say(message('removed'))} ${left}`,
    order: () => say(message('order changed')),
  };
  return `${path === '' ? '$' : path}: ${texts[kind]()}`;
}
