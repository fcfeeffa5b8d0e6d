import type { BodyOptions, BodyPart, BodyUpTo } from '../../core/event/body';
import { findChangedValues, toCompared } from '../../core/diff/changedValues';
import type { EventChanges } from '../../core/format/changesMarkdown';
import { curlCommand } from '../../core/format/curl';
import { eventMarkdown } from '../../core/format/eventMarkdown';
import { noSuchEvent } from '../../core/event/gone';
import type { Message } from '../../core/base/message';
import type { History } from '../../history/history';
import { headerText, type HeaderField } from '../../protocol/headerFields';

type Say = (text: Message) => string;
type Bodies = Pick<History, 'body' | 'bodyUpTo' | 'compare' | 'story' | 'summary'>;

/** Longer bodies (UTF-16 units) are not copied. */
const maxBody = 1_000_000;

/** Longer bodies are not compared: that is done on the thread that all extensions share. */
const maxCompared = 100_000;

/** A field of the panel's header, whole. */
export async function fieldOf(history: Bodies, key: string, field: HeaderField, redact: boolean): Promise<string> {
  return headerText((await history.summary(key, redact)) ?? noSuchEvent(key), field);
}

export async function bodyTextOf(history: Bodies, key: string, part: BodyPart, options: BodyOptions): Promise<string> {
  return ((await history.body(key, part, options)) ?? noSuchEvent(key)).text;
}

/** The call as a command, secrets masked whatever the settings say: it is made to be passed on. */
export async function curlOf(history: Bodies, key: string, say: Say): Promise<string> {
  const [masked, request] = await Promise.all([history.summary(key, true), bodyOf(history, key, 'request', false)]);
  const { method, uri } = masked ?? noSuchEvent(key);
  return curlCommand(method, uri, request, say);
}

/** The event as Markdown, secrets masked whatever the settings say. */
export async function markdownOf(history: Bodies, key: string, say: Say): Promise<string> {
  const [summary, story, request, response] = await Promise.all([
    history.summary(key, true),
    history.story(key),
    bodyOf(history, key, 'request', true),
    bodyOf(history, key, 'response', true),
  ]);
  if (!summary || !story) noSuchEvent(key);
  return eventMarkdown(summary, story, { request, response }, await changesOf(history, key), say);
}

/** What changed since the previous event of the resource, where both bodies are JSON. */
async function changesOf(history: Bodies, key: string): Promise<EventChanges | undefined> {
  const question = {
    key,
    baseline: { type: 'previous' },
    shown: { redact: true, zone: 'utc' },
    longest: maxCompared,
  } as const;
  const { baseline, gap, left, masked, part, right } = await history.compare(question, new AbortController().signal);
  if (!baseline || left?.kind !== 'json' || right.kind !== 'json') return undefined;
  const { action, moment, time, user } = baseline;
  const since = [action, time === undefined ? moment : `${moment} UTC`, user].filter((text) => text !== '').join(', ');
  return {
    part,
    since,
    values: findChangedValues(toCompared(left, masked.left), toCompared(right, masked.right)),
    gap,
  };
}

async function bodyOf(history: Bodies, key: string, part: 'request' | 'response', pretty: boolean): Promise<BodyUpTo> {
  return (await history.bodyUpTo(key, part, { redact: true, pretty }, maxBody)) ?? noSuchEvent(key);
}
