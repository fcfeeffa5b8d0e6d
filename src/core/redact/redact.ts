import { findIn } from './secretJson';
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

/** Secrets by their place and their look. */
export function findNamed(text: string): Secret[] {
  const found: Secret[] = [];
  findIn(text, undefined, 0, '', found);
  return found;
}

export function join(text: string, named: readonly Secret[], values: SecretValues): Secret[] {
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
export const maxShort = 64 * 1024;
/** What is searched and not shown: there a secret may be cut, and not to be told any more. */
const edge = 1024;

/** `text` with every secret masked, in a bounded time: of a text longer than {@link maxShort} only the beginning. */
export function redactShort(text: string): string {
  if (text.length <= maxShort) return redactText(text);
  return `${redactText(text.slice(0, maxShort)).slice(0, -edge)}…`;
}

/** A path or URL with the secrets of its query masked, in a bounded time. */
export function redactUri(uri: string): string {
  return redactShort(uri);
}
