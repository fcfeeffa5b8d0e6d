import type { BodyUpTo } from '../event/body';
import { changesMarkdown, type EventChanges } from './changesMarkdown';
import { outcomeTexts, type EventSummary } from '../event/event';
import type { EventStory } from '../narrative/eventStory';
import { escapeInline, fenceFor } from '../base/markdownText';
import { message, type Message } from '../base/message';
import { redactText } from '../redact/redact';
import { visibleText } from '../base/visibleText';

/** Longer bodies (UTF-16 units) are cut, and the text says so: a ticket is read by people. */
const maxBody = 10_000;
const maxValue = 1_000;

/**
 * The event for a ticket: sentence, error message, a table of its fields, what changed, its bodies in fences. Nothing in it is markup or a
 * link. Secrets of fields are masked here; those of bodies must be already.
 */
export function eventMarkdown(
  summary: EventSummary,
  story: EventStory,
  bodies: { readonly request: BodyUpTo; readonly response: BodyUpTo },
  changes: EventChanges | undefined,
  say: (text: Message) => string,
): string {
  const fields: readonly (readonly [Message, string])[] = [
    [message('Action'), summary.action],
    [message('Outcome'), say(outcomeTexts[summary.outcome])],
    [message('Time'), summary.timestamp],
    [message('Component'), summary.source],
    [message('User'), summary.userEmail || summary.userId],
    [message('Agent'), summary.userAgent],
    [message('Address'), `${summary.method} ${summary.uri}`.trim()],
    [message('Request id'), summary.requestId],
    [message('Event id'), summary.eventId],
  ];
  const rows = fields
    .filter(([, value]) => value !== '')
    .map(
      ([name, value]) =>
        `| ${say(name)} | ${escapeInline(visibleText(redactText(value.slice(0, 2 * maxValue)), maxValue))} |`,
    );
  return [
    `**${escapeInline(say(story.sentence))}**`,
    ...(story.failure === undefined ? [] : [`> ${say(message('Error:'))} ${escapeInline(story.failure)}`]),
    ['| | |', '| --- | --- |', ...rows].join('\n'),
    ...(changes ? changesMarkdown(changes, say) : []),
    ...bodyMarkdown(message('Request'), bodies.request, say),
    ...bodyMarkdown(message('Response'), bodies.response, say),
    '',
  ].join('\n\n');
}

function bodyMarkdown(name: Message, body: BodyUpTo, say: (text: Message) => string): string[] {
  if (body.kind === 'missing' || body.kind === 'empty') return [];
  const title = (note?: Message): string => (note ? `${say(name)} (${say(note)})` : say(name));
  if (body.kind === 'binary') return [title(message('binary data'))];
  if (body.kind === 'tooLarge') return [title(message('{0} characters, left out', body.length))];
  const isCut = body.text.length > maxBody;
  const shown = body.text
    .slice(0, maxBody)
    .split(/\r\n|[\r\n]/)
    .map((line) => visibleText(line, Infinity))
    .join('\n');
  const fence = fenceFor(shown);
  return [
    title(isCut ? message('the first {0} of {1} characters', maxBody, body.text.length) : undefined),
    `${fence}${body.kind === 'json' ? 'json' : ''}\n${shown}\n${fence}`,
  ];
}
