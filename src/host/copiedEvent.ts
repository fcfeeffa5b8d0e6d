import type { BodyUpTo } from '../core/body';
import { curlCommand } from '../core/curl';
import { UserError } from '../core/errors';
import type { EventSummary } from '../core/event';
import { eventMarkdown } from '../core/eventMarkdown';
import { message, type Message } from '../core/message';
import { redactUri } from '../core/redact';
import type { History } from '../history/history';

type Say = (text: Message) => string;
type Bodies = Pick<History, 'bodyUpTo' | 'story'>;

/** Longer bodies (UTF-16 units) are not copied. */
const longestBody = 1_000_000;

/** The call as a command, secrets masked whatever the settings say: it is made to be passed on. */
export async function curlOf(history: Bodies, { key, method, uri }: EventSummary, say: Say): Promise<string> {
  return curlCommand(method, redactUri(uri), await bodyOf(history, key, 'request', false), say);
}

/** The event as Markdown, secrets masked whatever the settings say. */
export async function markdownOf(history: Bodies, summary: EventSummary, say: Say): Promise<string> {
  const { key } = summary;
  const [story, request, response] = await Promise.all([
    history.story(key),
    bodyOf(history, key, 'request', true),
    bodyOf(history, key, 'response', true),
  ]);
  return eventMarkdown(summary, story ?? gone(), { request, response }, say);
}

async function bodyOf(history: Bodies, key: string, part: 'request' | 'response', pretty: boolean): Promise<BodyUpTo> {
  return (await history.bodyUpTo(key, part, { redact: true, pretty }, longestBody)) ?? gone();
}

function gone(): never {
  throw new UserError(message('The event is not stored any more. Load the time range again.'));
}
