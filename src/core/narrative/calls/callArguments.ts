import type { Json } from '../../json/json';
import { visibleText } from '../../base/visibleText';
import { isObject, valueAt, type Call, type JsonObject } from './readCall';

/** A call that fits a pattern. */
export interface MatchedCall extends Call {
  /** What stands in the path at the `*` of the pattern. */
  readonly ids: readonly string[];
  /** What was asked for: the value of the action's key (`{"resize": {...}}`), else the thing sent. */
  readonly asked: JsonObject;
}

/** Takes a word for a sentence out of a call; undefined where the call does not say. */
export type Argument = (call: MatchedCall) => string | undefined;

/** The id that stands at a `*` of the pattern; the name instead where the answer gives the name of that very id. */
export function id(index: number): Argument {
  return ({ ids, answer }) => {
    const found = ids[index];
    if (found === undefined) return undefined;
    const { thing } = answer;
    return (thing['id'] === found || thing['uuid'] === found ? nameOf(thing) : undefined) ?? shortId(found);
  };
}

/** A value that was sent. */
export function field(path: string): Argument {
  const names = path.split('.');
  return ({ asked, request }) => wordOf(valueAt(asked, names) ?? valueAt(request.body, names));
}

/** A value that came back. */
export function answer(path: string): Argument {
  const names = path.split('.');
  return (call) => wordOf(valueAt(call.answer.thing, names));
}

/** What is made: its name, else the id it got. */
export const named: Argument = ({ asked, answer: { thing } }) =>
  nameOf(asked) ?? nameOf(thing) ?? wordOf(thing['uuid'] ?? thing['id']);

export function first(...choices: Argument[]): Argument {
  return (call) => choices.map((choice) => choice(call)).find((word) => word !== undefined);
}

/** The words that are there, as a list. */
export function list(...parts: Argument[]): Argument {
  return (call) => {
    const words = parts.map((part) => part(call)).filter((word) => word !== undefined);
    return words.length === 0 ? undefined : words.join(', ');
  };
}

/** `80` or `80–443`. */
export function range(from: string, to: string): Argument {
  return (call) => {
    const [start, end] = [field(from)(call), field(to)(call)];
    return start === end || start === undefined || end === undefined ? (start ?? end) : `${start}–${end}`;
  };
}

/** The names of what was sent. */
export function keys(path?: string): Argument {
  return (call) => join(Object.keys(objectAt(call, path)));
}

/** Names and values of what was sent. */
export function pairs(path?: string): Argument {
  return (call) => {
    const said = Object.entries(objectAt(call, path)).map(([key, value]) => [key, wordOf(value)] as const);
    return join(said.map(([key, word]) => (word === undefined ? key : `${key} ${word}`)));
  };
}

function objectAt({ asked, request }: MatchedCall, path: string | undefined): JsonObject {
  const found = path === undefined ? asked : (valueAt(request.body, [path]) ?? asked[path] ?? asked);
  return isObject(found) ? found : {};
}

export function nameOf(thing: JsonObject): string | undefined {
  return wordOf(['name', 'display_name', 'label'].map((key) => thing[key]).find((name) => typeof name === 'string'));
}

/** An id cut to what people compare; names and numbers as they are. */
export function shortId(text: string): string {
  if (/^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$|^[\da-f]{32}$/i.test(text)) return `${text.slice(0, 8)}…`;
  return visibleText(text, maxWord);
}

const maxWord = 80;
const maxWords = 4;

function wordOf(value: Json | undefined): string | undefined {
  if (Array.isArray(value)) return join((value as readonly Json[]).map(wordOf).filter((word) => word !== undefined));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  // Flavors and images may be named by their address.
  return shortId(/^https?:\/\/[^?#]*\/([^/?#]+)$/.exec(value)?.[1] ?? value);
}

export function join(words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  const shown = words.slice(0, maxWords).map((word) => visibleText(word, maxWord));
  return shown.join(', ') + (words.length > maxWords ? '…' : '');
}
