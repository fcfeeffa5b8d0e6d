import { nameOf, shortId } from './calls/callArguments';
import { readCall, type JsonObject } from './calls/readCall';
import { readSafely, type EventStory } from './eventStory';
import { outcomeOf, type ActivityEvent } from './event';
import type { Message } from './message';
import { resourceOf } from './resources';

/** The name that an event states for the resource `id`: it came back, or was given. Undefined where it states none. Secrets are masked. */
export function nameStated(event: ActivityEvent, id: string): string | undefined {
  if (outcomeOf(event) === 'failure') return undefined;
  const { method, segments, request, answer } = readCall(readSafely(event));
  const isAbout = (thing: JsonObject): boolean => [thing['id'], thing['uuid']].includes(id);
  if (isAbout(answer.thing)) {
    return wayTo(answer.thing) ?? nameOf(answer.thing) ?? (method === 'POST' ? nameOf(request.thing) : undefined);
  }
  return segments.at(-1) === id && /^(?:PUT|PATCH)$/.test(method) ? nameOf(request.thing) : undefined;
}

/** Floating IPs go by their address. */
function wayTo(thing: JsonObject): string | undefined {
  const address = thing['floating_ip_address'];
  return typeof address === 'string' ? address : undefined;
}

/** The story with names in place of ids that it shows cut off, as far as `findName` knows them. */
export function nameResources(
  story: EventStory,
  event: ActivityEvent,
  findName: (id: string) => string | undefined,
): EventStory {
  const words = new Set(wordsOf(story.sentence));
  const names = new Map<string, string>();
  for (const id of resourceOf(event).all) {
    const word = shortId(id);
    const name = word !== id && words.has(word) && !names.has(word) ? findName(id) : undefined;
    if (name !== undefined) names.set(word, name);
  }
  const put = (text: Message): Message => ({
    ...text,
    args: text.args.map((arg) => (typeof arg === 'object' ? put(arg) : (names.get(String(arg)) ?? arg))),
  });
  return names.size === 0 ? story : { ...story, sentence: put(story.sentence) };
}

function* wordsOf(text: Message): Generator<string> {
  for (const arg of text.args) {
    if (typeof arg === 'object') yield* wordsOf(arg);
    else yield String(arg);
  }
}
