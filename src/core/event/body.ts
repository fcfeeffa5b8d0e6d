import { fieldText, type ActivityEvent } from './event';
import { layOutJson, sortJson, type JsonProblem, type StringOpener } from '../json/jsonLayout';
import { toJson } from '../json/json';
import { message, type Message } from '../base/message';
import { secretsOf } from './redactEvent';
import { findSecrets, maskSecrets, type Secret } from '../redact/redact';

/** `event` is the whole record. */
export type BodyPart = 'request' | 'response' | 'event';

export interface BodyOptions {
  /** Whether secrets are masked. */
  readonly redact: boolean;
  /** Whether the keys of every object are put in order. */
  readonly sortKeys?: boolean | undefined;
  /** With `sortKeys`: whether JSON in strings is laid out too, behind an `openedMark`. */
  readonly openStrings?: boolean | undefined;
  /** Whether JSON is laid out in lines; true where left out. False gives the text as received. */
  readonly pretty?: boolean | undefined;
}

/**
 * `missing`: the record has no such field; `empty`: it is there and empty; `binary`: the API's `<BINARY_DATA>` [vendor];
 * `brokenJson`: it begins like JSON and is none.
 */
export type BodyKind = 'json' | 'text' | 'empty' | 'binary' | 'brokenJson' | 'missing';

/** A body made ready for reading. */
export interface Body {
  readonly kind: BodyKind;
  readonly text: string;
  /** Where the masks stand in `text`; where nothing is masked, where the secrets themselves stand. */
  readonly secrets: readonly Secret[];
  /** For `brokenJson`: what is wrong and where. */
  readonly problem?: Message | undefined;
  /** How many UTF-16 units follow, where this is only the beginning. */
  readonly rest?: number | undefined;
}

/** A body, or only its length (UTF-16 units) where that is more than was asked for. */
export type BodyUpTo = Body | { readonly kind: 'tooLarge'; readonly length: number };

/** Like {@link presentBody} for a reader that cannot take more than `longest` UTF-16 units. */
export function presentBodyUpTo(event: ActivityEvent, part: BodyPart, options: BodyOptions, longest: number): BodyUpTo {
  const { length } = part === 'event' ? toJson(event) : fieldText(event, `${part}_body`);
  if (length > longest) return { kind: 'tooLarge', length };
  const body = presentBody(event, part, options);
  return body.text.length > longest ? { kind: 'tooLarge', length: body.text.length } : body;
}

/** The beginning of a body, about `longest` UTF-16 units, whole lines where there are any; all of it where there is not more. */
export function beginningOf(body: Body, longest: number): Body {
  const { text, secrets } = body;
  if (text.length <= longest) return body;
  const lineEnd = text.lastIndexOf('\n', longest);
  const wanted = lineEnd > longest / 2 ? lineEnd : longest;
  // Not within a mask, nor within a character.
  const cut = secrets.find(({ start, end }) => start < wanted && end > wanted)?.start ?? wanted;
  const end = /[\ud800-\udbff]/.test(text.charAt(cut - 1)) ? cut - 1 : cut;
  return {
    ...body,
    text: text.slice(0, end),
    secrets: secrets.filter((secret) => secret.end <= end),
    rest: text.length - end,
  };
}

/** Makes a body ready for reading. Runs in the worker: a body of megabytes takes a tenth of a second. */
export function presentBody(event: ActivityEvent, part: BodyPart, options: BodyOptions): Body {
  const laidOut = layOut(event, part, options);
  const body = { ...laidOut, secrets: findSecrets(laidOut.text, secretsOf(event)) };
  return options.redact ? maskBody(body) : body;
}

/** A body that was made ready without masks, with them. */
export function maskBody(body: Body): Body {
  const { text, masks } = maskSecrets(body.text, body.secrets);
  return { ...body, text, secrets: masks };
}

/** The body for a page, which reveals what is masked: where nothing is, there is nothing to reveal. */
export function fitBody(body: BodyUpTo, redact: boolean): BodyUpTo {
  return redact || body.kind === 'tooLarge' ? body : { ...body, secrets: [] };
}

/** A text that is no event's, such as the answer of a service, made ready like a body. */
export function presentText(text: string, options: BodyOptions): string {
  return presentBody({ response_body: text }, 'response', options).text;
}

/**
 * The text behind `secrets[index]` of the body presented with the same options, as written (escapes included).
 * @throws RangeError where there is none
 */
export function revealSecret(event: ActivityEvent, part: BodyPart, options: BodyOptions, index: number): string {
  const { text } = layOut(event, part, options);
  const secret = findSecrets(text, secretsOf(event))[index];
  if (!secret) throw new RangeError(`The body has no secret ${index}`);
  return text.slice(secret.start, secret.end);
}

type LaidOut = Omit<Body, 'secrets'>;

function layOut(event: ActivityEvent, part: BodyPart, options: BodyOptions): LaidOut {
  if (part === 'event') return layOutText(toJson(event), options);
  const field = `${part}_body`;
  const value = Object.hasOwn(event, field) ? event[field] : undefined;
  if (value === undefined || value === null) return { kind: 'missing', text: '' };
  return layOutText(typeof value === 'string' ? value : toJson(value), options);
}

function layOutText(text: string, { sortKeys = false, openStrings = false, pretty = true }: BodyOptions): LaidOut {
  const begin = /^[\s\ufeff]*([^])?/.exec(text)?.[1];
  if (begin === undefined) return { kind: 'empty', text };
  if (isBinary(text)) return { kind: 'binary', text };
  if (!/["[{\d\-tfn]/.test(begin)) return { kind: 'text', text };
  const sorted = sortKeys ? sortJson(text, openStrings ? opener : undefined) : text;
  const laidOut = typeof sorted === 'string' && (pretty || !sortKeys) ? layOutJson(sorted, openStrings) : sorted;
  if (typeof laidOut === 'string') return { kind: 'json', text: pretty ? laidOut : (sorted as string) };
  return /[[{]/.test(begin) ? { kind: 'brokenJson', text, problem: describe(laidOut, text) } : { kind: 'text', text };
}

/** Whether a body is the mark that the API leaves in the place of binary data. */
export function isBinary(text: string): boolean {
  return text.trim() === '<BINARY_DATA>';
}

/** Which strings are opened: not those that are secret as a whole, since opened they could show more than the mask. */
const opener: StringOpener = (text) => {
  const secrets = findSecrets(text);
  let next = 0;
  return (start, end) => {
    while (next < secrets.length && (secrets[next] as Secret).end <= start) next++;
    const secret = secrets[next];
    return !secret || secret.start > start + 1 || secret.end < end - 1;
  };
};

function describe({ position, what }: JsonProblem, text: string): Message {
  const line = text.slice(0, position).split(/\r\n|\r|\n/);
  const [row, column] = [line.length, (line.at(-1) as string).length + 1];
  switch (what) {
    case 'cutOff':
      return message('This JSON is cut off at line {0}, column {1}.', row, column);
    case 'badString':
      return message(
        'This JSON is damaged: a character is not allowed in a string at line {0}, column {1}.',
        row,
        column,
      );
    case 'trailing':
      return message('This JSON is followed by something else at line {0}, column {1}.', row, column);
    case 'unexpected':
      return message(
        'This is not quite JSON: “{0}” is unexpected at line {1}, column {2}.',
        text.charAt(position),
        row,
        column,
      );
  }
}
