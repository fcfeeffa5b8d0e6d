import type { ActivityEvent, Json } from './event';
import { fieldText } from './event';
import { message, type Message } from './message';
import { findSecrets, maskSecrets, type Secret } from './redact';

/** `event` is the whole record. */
export type BodyPart = 'request' | 'response' | 'event';

export interface BodyOptions {
  /** Whether secrets are masked. */
  readonly redact: boolean;
  /** Whether the keys of every object are put in order. */
  readonly sortKeys?: boolean | undefined;
  /** Whether JSON is laid out in lines; true where left out. False gives the text as received. */
  readonly pretty?: boolean | undefined;
}

/**
 * `missing`: the record has no such field; `empty`: it is there and empty; `binary`: the API's `<BINARY_DATA>`;
 * `brokenJson`: it begins like JSON and is none.
 */
export type BodyKind = 'json' | 'text' | 'empty' | 'binary' | 'brokenJson' | 'missing';

/** A body made ready for reading. */
export interface Body {
  readonly kind: BodyKind;
  readonly text: string;
  /** Where the masks stand in `text`, or the secrets themselves where they are not masked. */
  readonly secrets: readonly Secret[];
  /** For `brokenJson`: what is wrong and where. */
  readonly problem?: Message | undefined;
}

export function presentBody(event: ActivityEvent, part: BodyPart, options: BodyOptions): Body {
  const { kind, text, problem } = layOut(event, part, options);
  const secrets = findSecrets(text);
  if (!options.redact) return { kind, text, secrets, problem };
  const masked = maskSecrets(text, secrets);
  return { kind, text: masked.text, secrets: masked.masks, problem };
}

/** The text behind `secrets[index]` of the body presented with the same options. @throws RangeError where there is none */
export function revealSecret(event: ActivityEvent, part: BodyPart, options: BodyOptions, index: number): string {
  const { text } = layOut(event, part, options);
  const secret = findSecrets(text)[index];
  if (!secret) throw new RangeError(`No secret ${index}`);
  return text.slice(secret.start, secret.end);
}

function layOut(event: ActivityEvent, part: BodyPart, options: BodyOptions): Omit<Body, 'secrets'> {
  if (part === 'event') return { kind: 'json', text: JSON.stringify(event, undefined, 2) };
  const field = `${part}_body`;
  if (!Object.hasOwn(event, field) || event[field] === null) return { kind: 'missing', text: '' };
  const text = fieldText(event, field);
  if (text.trim() === '') return { kind: 'empty', text };
  if (text === '<BINARY_DATA>') return { kind: 'binary', text };
  try {
    const value = JSON.parse(text) as Json;
    return { kind: 'json', text: options.pretty === false ? text : JSON.stringify(value, undefined, 2) };
  } catch {
    return /^\s*[[{]/.test(text)
      ? { kind: 'brokenJson', text, problem: message('This is not JSON.') }
      : { kind: 'text', text };
  }
}
