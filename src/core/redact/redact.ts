import type { ActivityEvent, EventSummary, Json } from '../event/event';
import { toJson } from '../json/jsonText';
import { findIn } from './secretJson';
import { isSecretName } from './secretNames';
import { findValues, noteValues, type SecretValues } from './secretValues';

/** Where a secret stands in a text. */
export interface Secret {
  /** The span of the value without its quotes, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Where it was found, for people: `server.adminPass`, `list[0].token`. */
  readonly path: string;
  /** What must stand around the mask so that JSON stays JSON; only for values that had no quotes. */
  readonly quote?: string;
}

/** Stands for a secret, whatever its length. */
export const mask = '••••••';

/**
 * The secrets in `text`, in order, none overlapping another. The text may be JSON, cut-off or damaged JSON, or anything else;
 * strings in it are searched as well, to any depth of JSON in JSON. What is a secret in one place is one wherever it stands,
 * `known` values included. Takes linear time and no stack.
 */
export function findSecrets(text: string, known?: SecretValues): Secret[] {
  const values: SecretValues = new Map(known);
  const found = findNamed(text);
  noteValues(text, found, values);
  return join(text, found, values);
}

/** The values that the record's fields call secret; of long fields only the beginning is searched. */
export function secretsOf(event: ActivityEvent): SecretValues {
  const values: SecretValues = new Map();
  for (const [field, value] of Object.entries(event)) {
    const text = textOf(field, value).slice(0, longestSearched);
    noteValues(text, findInField(field, value, text), values);
  }
  return values;
}

/** UTF-16 units. */
const longestSearched = 256 * 1024;

/** Secrets by their place and their look. */
function findNamed(text: string): Secret[] {
  const found: Secret[] = [];
  findIn(text, undefined, 0, '', found);
  return found;
}

function join(text: string, named: readonly Secret[], values: SecretValues): Secret[] {
  if (named.length === 0 && values.size === 0) return [];
  const found = values.size > 0 ? [...named, ...findValues(text, values)] : [...named];
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return found.filter((secret) => {
    if (secret.start < end) return false;
    end = secret.end;
    return true;
  });
}

/** `text` with every secret replaced by {@link mask}. */
export function redactText(text: string, known?: SecretValues): string {
  return maskSecrets(text, findSecrets(text, known)).text;
}

/** Puts masks in place of `secrets`; says where the masks stand. */
export function maskSecrets(text: string, secrets: readonly Secret[]): { text: string; masks: Secret[] } {
  const parts: string[] = [];
  const masks: Secret[] = [];
  let from = 0;
  let length = 0;
  const add = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  for (const { start, end, path, quote = '' } of secrets) {
    add(text.slice(from, start) + quote);
    masks.push({ start: length, end: length + mask.length, path });
    add(mask + quote);
    from = end;
  }
  add(text.slice(from));
  return { text: parts.join(''), masks };
}

/** UTF-16 units that are masked at a time on the thread of the editor: hostile ones take some 20 ms. */
export const longestShort = 64 * 1024;
/** What is searched and not shown: there a secret may be cut, and not to be told any more. */
const edge = 1024;

/** `text` with every secret masked, in a bounded time: of a text longer than {@link longestShort} only the beginning. */
export function redactShort(text: string): string {
  if (text.length <= longestShort) return redactText(text);
  return `${redactText(text.slice(0, longestShort)).slice(0, -edge)}…`;
}

/** A path or URL with the secrets of its query masked, in a bounded time. */
export function redactUri(uri: string): string {
  return redactShort(uri);
}

/** The record with every secret masked; the same object where it holds none. */
export function redactEvent(event: ActivityEvent): ActivityEvent {
  const known: SecretValues = new Map();
  const fields = Object.entries(event).map(([field, value]) => {
    const text = textOf(field, value);
    const found = findInField(field, value, text);
    noteValues(text, found, known);
    return { field, value, text, found };
  });
  let redacted: Record<string, Json> | undefined;
  for (const { field, value, text, found } of fields) {
    const secrets = join(text, found, known);
    if (secrets.length === 0) continue;
    const safe = maskSecrets(text, secrets).text;
    redacted ??= { ...event };
    redacted[field] = typeof value === 'string' ? safe : ((JSON.parse(safe) as ActivityEvent)[field] as Json);
  }
  return redacted ?? event;
}

const shownFields = [
  'eventId',
  'timestamp',
  'source',
  'action',
  'method',
  'uri',
  'userEmail',
  'userId',
  'userAgent',
  'requestId',
] as const satisfies readonly (keyof EventSummary)[];

/** The summary of `event` with every secret in its texts masked, those too that only another field tells. */
export function redactSummary(summary: EventSummary, event: ActivityEvent): EventSummary {
  const known = secretsOf(event);
  return { ...summary, ...Object.fromEntries(shownFields.map((field) => [field, redactText(summary[field], known)])) };
}

/** A field as text to be searched: strings as they are, other values as JSON that names the field. */
function textOf(field: string, value: Json): string {
  return typeof value === 'string' ? value : toJson({ [field]: value });
}

function findInField(field: string, value: Json, text: string): Secret[] {
  if (typeof value !== 'string' || !isSecretName(field)) return findNamed(text);
  return text === '' ? [] : [{ start: 0, end: text.length, path: field }];
}
