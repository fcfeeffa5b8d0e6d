import { RequestError } from '../base/errors';
import { toJson, type Json } from '../json/json';
import type { ActivityEvent } from './event';
import { message, type Message } from '../base/message';
import { redactText } from '../redact/redact';
import { readTime } from '../time/time';

export { readTime };

interface PageRecord {
  readonly event: ActivityEvent;
  /** UTC milliseconds; undefined where the timestamp is missing or unreadable. */
  readonly time: number | undefined;
}

/** Something in the list that is no record. */
export interface Unreadable {
  /** English, for the log. */
  readonly reason: string;
  /** The beginning of its text, secrets masked. */
  readonly text: string;
}

export interface Page {
  /** In the order received, repeated ids included. */
  readonly records: readonly PageRecord[];
  readonly unreadable: readonly Unreadable[];
  /** The next page's marker; undefined on the last page. */
  readonly marker: string | undefined;
}

/**
 * Decodes an answer `{"logs": [...], "marker": "..."}` [spec]. Takes what can be read and counts the rest: a record is any
 * object, whatever its fields. Bare lists and lists given as one object are taken too; `null` is Go's empty list [inferred].
 * @throws RequestError `malformed` where the whole answer is no such page
 */
export function decodePage(text: string): Page {
  const answer = parseAnswer(text);
  if (Array.isArray(answer)) return { ...readList(answer), marker: undefined };
  if (!isObject(answer) || !Object.hasOwn(answer, 'logs')) {
    throw malformed(message('The server answered without a list of events: {0}', beginningOf(text)));
  }
  const { logs, marker } = answer;
  return { ...readLogs(logs as Json), marker: readMarker(marker) };
}

/** `event_id`, or where the record has none, an id derived from its content. */
export function eventKey(event: ActivityEvent): string {
  const id = event['event_id'];
  if (typeof id === 'string' && id !== '') return id;
  return typeof id === 'number' ? String(id) : deriveKey(event);
}

/** `derived-` and a hash of the content, the same whatever the order of the fields. */
export function deriveKey(event: ActivityEvent): string {
  const fields = Object.keys(event).sort();
  return `derived-${hash(fields.map((field) => `${JSON.stringify(field)}:${toJson(event[field] as Json)}`).join())}`;
}

function parseAnswer(text: string): Json {
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return JSON.parse(json) as Json;
  } catch (cause) {
    const start = json.trimStart();
    if (start === '') throw malformed(message('The server sent an empty answer.'), cause);
    if (start.startsWith('<')) {
      throw malformed(message('The server sent a web page instead of events: {0}', beginningOf(start)), cause);
    }
    if (/^[[{]/.test(start)) throw malformed(message('The answer of the server is cut off or damaged.'), cause);
    throw malformed(message('The server sent text instead of events: {0}', beginningOf(start)), cause);
  }
}

/** Why an answer of more than `most` records is refused. */
export function tooMany(most: number): RequestError {
  const text = message(
    'The answer of the server holds more than {0} records and was refused. Ask for fewer events per page.',
    most,
  );
  return new RequestError('tooLarge', text);
}

function malformed(text: Message, cause?: unknown): RequestError {
  // The parser's own error quotes the text with whatever secrets it holds, so only its kind goes on.
  return new RequestError('malformed', text, cause instanceof Error ? { cause: cause.name } : {});
}

function readLogs(logs: Json): Omit<Page, 'marker'> {
  if (logs === null) return { records: [], unreadable: [] };
  if (Array.isArray(logs)) return readList(logs);
  if (!isObject(logs)) return readList([logs]);
  const values = Object.values(logs);
  return readList(values.every(isObject) ? values : [logs]);
}

/** Far more than is ever asked for: what a hostile server sends must not take all memory. */
const maxItems = 100_000;

function readList(items: readonly Json[]): Omit<Page, 'marker'> {
  if (items.length > maxItems) throw tooMany(maxItems);
  const records: PageRecord[] = [];
  const unreadable: Unreadable[] = [];
  for (const item of items) {
    if (isObject(item)) {
      const timestamp = item['timestamp'];
      records.push({ event: item, time: typeof timestamp === 'string' ? readTime(timestamp) : undefined });
    } else {
      const kind = item === null ? 'null' : Array.isArray(item) ? 'a list' : `a ${typeof item}`;
      unreadable.push({ reason: `Expected a record, found ${kind}`, text: beginningOf(toJson(item)) });
    }
  }
  return { records, unreadable };
}

/** Markers are opaque: whatever came goes back as text. */
function readMarker(marker: Json | undefined): string | undefined {
  if (marker === undefined || marker === null || marker === false || marker === '') return undefined;
  const text = typeof marker === 'string' ? marker : toJson(marker);
  if (text.length <= maxMarker) return text;
  throw malformed(message('The marker of the next page is longer than any address may be; the answer was refused.'));
}

const maxMarker = 4096;

function isObject(value: Json | undefined): value is ActivityEvent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function beginningOf(text: string): string {
  // More is masked than is shown, so that a secret at the edge is not cut out of its mask.
  const masked = redactText(text.slice(0, 4000)).replace(/\s+/g, ' ').trim();
  return masked.length > 200 ? `${masked.slice(0, 200)}…` : masked;
}

/** 128 bits, not cryptographic: tells records apart, hides nothing. */
function hash(text: string): string {
  const lanes = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f] as [number, number, number, number];
  let [a, b, c, d] = lanes;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit ^ (a >>> 15), 0x5bd1e995);
    c = Math.imul(c ^ unit ^ (b >>> 13), 0x2c1b3c6d);
    d = Math.imul(d ^ unit ^ (c >>> 16), 0x297a2d39);
  }
  return [a ^ (d >>> 11), b ^ (a >>> 13), c ^ (b >>> 15), d ^ (c >>> 12)]
    .map((lane) => (lane >>> 0).toString(16).padStart(8, '0'))
    .join('');
}
