import { nameOf, shortId } from './calls/callArguments';
import { isObject, readCall, type JsonObject } from './calls/readCall';
import { readSafely, type EventStory } from './eventStory';
import { outcomeOf, type ActivityEvent } from '../event/event';
import { message, type Message } from '../base/message';
import { resourceOf } from '../event/resources';

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

/** The flavor that an event states for a server: at its creation or for a resize; '' where it may have changed to another one. */
export function flavorStated(event: ActivityEvent, server: string): string | undefined {
  if (outcomeOf(event) === 'failure') return undefined;
  const { method, segments, request, answer } = readCall(readSafely(event));
  if (method !== 'POST') return undefined;
  if (segments.at(-1) === 'servers') return answer.thing['id'] === server ? flavorOf(request.thing) : undefined;
  if (segments.at(-1) !== 'action' || segments.at(-2) !== server || !isObject(request.body)) return undefined;
  if ('revertResize' in request.body) return '';
  return 'resize' in request.body ? flavorOf(request.thing) : undefined;
}

function flavorOf({ flavorRef }: JsonObject): string {
  return typeof flavorRef === 'string' ? shortId(flavorRef) : '';
}

/** What other events state of a resource. */
export interface StatedElsewhere {
  name(id: string): string | undefined;
  /** The flavor that a server had before. */
  flavor(server: string): string | undefined;
}

/** The story with names in place of ids that it shows cut off, and of a resize with the flavor before it, as far as that is stated. */
export function completeStory(story: EventStory, event: ActivityEvent, stated: StatedElsewhere): EventStory {
  const { primary, all } = resourceOf(event);
  const words = new Set(wordsOf(story.sentence));
  const names = new Map<string, string>();
  for (const id of all) {
    const word = shortId(id);
    const name = word !== id && words.has(word) && !names.has(word) ? stated.name(id) : undefined;
    if (name !== undefined) names.set(word, name);
  }
  const put = (text: Message): Message => {
    const args = text.args.map((arg) => (typeof arg === 'object' ? put(arg) : (names.get(String(arg)) ?? arg)));
    const longer = resizes.get(text.template);
    const flavor = longer && primary !== undefined ? stated.flavor(primary) : undefined;
    return longer && flavor ? { ...longer, args: [...args, flavor] } : { ...text, args };
  };
  return { ...story, sentence: put(story.sentence) };
}

const resizes = new Map([
  ['Resized server {0} to flavor {1}', message('Resized server {0} from flavor {2} to {1}')],
  ['resize server {0} to flavor {1}', message('resize server {0} from flavor {2} to {1}')],
]);

function* wordsOf(text: Message): Generator<string> {
  for (const arg of text.args) {
    if (typeof arg === 'object') yield* wordsOf(arg);
    else yield String(arg);
  }
}
