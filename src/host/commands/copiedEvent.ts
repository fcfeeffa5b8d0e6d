import type { BodyUpTo } from '../../core/event/body';
import { findChangedValues, toCompared } from '../../core/diff/changedValues';
import type { EventChanges } from '../../core/format/changesMarkdown';
import { curlCommand } from '../../core/format/curl';
import { UserError } from '../../core/base/errors';
import type { EventSummary } from '../../core/event/event';
import { eventMarkdown } from '../../core/format/eventMarkdown';
import { message, type Message } from '../../core/base/message';
import type { History } from '../../history/history';
import { compareBodies } from '../panel/comparison';

type Say = (text: Message) => string;
type Bodies = Pick<History, 'bodyUpTo' | 'coverage' | 'neighbours' | 'story' | 'summary'>;

/** Longer bodies (UTF-16 units) are not copied. */
const longestBody = 1_000_000;

/** Longer bodies are not compared: that is done on the thread that all extensions share. */
const longestCompared = 100_000;

/** The call as a command, secrets masked whatever the settings say: it is made to be passed on. */
export async function curlOf(history: Bodies, { key }: EventSummary, say: Say): Promise<string> {
  const [masked, request] = await Promise.all([history.summary(key, true), bodyOf(history, key, 'request', false)]);
  const { method, uri } = masked ?? gone();
  return curlCommand(method, uri, request, say);
}

/** The event as Markdown, secrets masked whatever the settings say. */
export async function markdownOf(history: Bodies, { key }: EventSummary, say: Say): Promise<string> {
  const [summary, story, changes, request, response] = await Promise.all([
    history.summary(key, true),
    history.story(key),
    changesOf(history, key),
    bodyOf(history, key, 'request', true),
    bodyOf(history, key, 'response', true),
  ]);
  return eventMarkdown(summary ?? gone(), story ?? gone(), { request, response }, changes, say);
}

/** What changed since the previous event of the resource, where both bodies are JSON. */
async function changesOf(history: Bodies, key: string): Promise<EventChanges | undefined> {
  const question = { key, baseline: { type: 'previous' }, part: undefined } as const;
  const { signal } = new AbortController();
  const compared = await compareBodies(history, question, { redact: true, zone: 'utc' }, signal, longestCompared);
  const { baseline, gap, left, masked, part, right } = compared;
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
  return (await history.bodyUpTo(key, part, { redact: true, pretty }, longestBody)) ?? gone();
}

function gone(): never {
  throw new UserError(message('The event is not stored any more. Load the time range again.'));
}
