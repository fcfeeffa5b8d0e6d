import type { ActivityEvent, Json } from './event';
import { toJson } from './jsonText';
import { findIn } from './secretJson';
import { isSecretName } from './secretNames';

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
 * strings in it are searched as well, to any depth of JSON in JSON. Takes linear time and no stack.
 */
export function findSecrets(text: string): Secret[] {
  const found: Secret[] = [];
  findIn(text, undefined, 0, '', found);
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return found.filter((secret) => {
    if (secret.start < end) return false;
    end = secret.end;
    return true;
  });
}

/** `text` with every secret replaced by {@link mask}. */
export function redactText(text: string): string {
  return maskSecrets(text, findSecrets(text)).text;
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

/** A path or URL with the secrets of its query masked. */
export function redactUri(uri: string): string {
  return redactText(uri);
}

/** The record with every secret masked; the same object where it holds none. */
export function redactEvent(event: ActivityEvent): ActivityEvent {
  let redacted: Record<string, Json> | undefined;
  for (const [field, value] of Object.entries(event)) {
    const safe = redactValue(field, value);
    if (safe !== value) (redacted ??= { ...event })[field] = safe;
  }
  return redacted ?? event;
}

function redactValue(field: string, value: Json): Json {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (isSecretName(field)) return value === '' ? value : mask;
    return redactText(value);
  }
  if (typeof value === 'number') return isSecretName(field) ? mask : value;
  const json = toJson({ [field]: value });
  const safe = redactText(json);
  return safe === json ? value : ((JSON.parse(safe) as ActivityEvent)[field] as Json);
}
