import { decodePage, readTime, tooMany, type Unreadable } from '../../core/event/decode';
import { RequestError } from '../../core/base/errors';
import type { ActivityEvent } from '../../core/event/event';
import { message } from '../../core/base/message';

/** From so many bytes on a page is decoded record by record: all at once would take many times its size. */
export const largePage = 4 << 20;

/** What no event is like: refused, so that reading it cannot take all memory. */
const maxRecordBytes = 16 << 20;
const maxRecordValues = 250_000;
const maxRecords = 100_000;
const maxRest = 1 << 20;

/** A part of a list: where its text stands, and how many values it holds. */
interface Element {
  readonly start: number;
  readonly end: number;
  readonly values: number;
}

export interface LargeRecord {
  readonly event: ActivityEvent;
  readonly json: Uint8Array;
  readonly time: number | undefined;
}

export interface LargePage {
  readonly marker: string | undefined;
  /** Reads the records, one after another, anew each time. */
  read(): Iterable<LargeRecord | Unreadable>;
}

/**
 * Finds the records of a page without decoding it as a whole. Those of a file on this computer (`isLocal`) may be of any size.
 * @throws RequestError `malformed` or `tooLarge`
 */
export function openLargePage(bytes: Uint8Array, isLocal = false): LargePage {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const list = findList(text);
  const { elements, end } = readList(text, list);
  // What is around the records, as a page without any.
  if (list + text.length - end > maxRest)
    throw new RequestError(
      'tooLarge',
      message('The answer of the server is large, but not with events; it was refused.'),
    );
  const rest = decodePage(text.toString('utf8', 0, list + 1) + text.toString('utf8', end));
  return {
    marker: rest.marker,
    *read() {
      for (const element of elements) yield readElement(text, element, isLocal);
    },
  };
}

function readElement(text: Buffer, { start, end, values }: Element, isLocal: boolean): LargeRecord | Unreadable {
  if (text[start] !== curlyOpen) return { reason: 'Expected a record, found something else', text: '' };
  const isLarge = end - start > maxRecordBytes;
  if (isLarge && !isLocal) return { reason: `The record is larger than ${maxRecordBytes >> 20} MB`, text: '' };
  if (values > maxRecordValues) return { reason: `The record holds more than ${maxRecordValues} values`, text: '' };
  const json = text.subarray(start, end);
  const event = parse(json);
  const timestamp = event['timestamp'];
  return { event, json, time: typeof timestamp === 'string' ? readTime(timestamp) : undefined };
}

function parse(json: Buffer): ActivityEvent {
  try {
    return JSON.parse(json.toString()) as ActivityEvent;
  } catch {
    throw damaged();
  }
}

const [quote, backslash, comma, colon] = [34, 92, 44, 58];
const [curlyOpen, curlyClose, squareOpen, squareClose] = [123, 125, 91, 93];

/** Where the list of records begins: the answer itself, or its member `logs`. */
function findList(text: Buffer): number {
  let at = skipSpace(text, text[0] === 0xef ? 3 : 0);
  if (text[at] === squareOpen) return at;
  if (text[at] !== curlyOpen) throw damaged();
  for (at = skipSpace(text, at + 1); text[at] === quote; at = skipSpace(text, at + 1)) {
    const key = text.subarray(at + 1, (at = endOfString(text, at)) - 1);
    at = skipSpace(text, at);
    if (text[at] !== colon) throw damaged();
    at = skipSpace(text, at + 1);
    if (key.equals(logs) && text[at] === squareOpen) return at;
    at = skipSpace(text, scanValue(text, at).end);
    if (text[at] !== comma) break;
  }
  throw new RequestError(
    'tooLarge',
    message('The answer of the server is large, but not with events; it was refused.'),
  );
}

const logs = Buffer.from('logs');

/** The elements of the list that begins at `list`, and where its closing bracket stands. */
function readList(text: Buffer, list: number): { readonly elements: Element[]; readonly end: number } {
  const elements: Element[] = [];
  let at = skipSpace(text, list + 1);
  while (text[at] !== squareClose) {
    const element = scanValue(text, at);
    if (element.end === at) throw damaged();
    if (elements.push(element) > maxRecords) throw tooMany(maxRecords);
    at = skipSpace(text, element.end);
    if (text[at] === comma) at = skipSpace(text, at + 1);
    else if (text[at] !== squareClose) throw damaged();
  }
  return { elements, end: at };
}

/** Passes one value. Brackets are counted, not matched: whoever reads it will see. */
function scanValue(text: Buffer, start: number): Element {
  let depth = 0;
  let values = 1;
  for (let at = start; at < text.length;) {
    const code = text[at];
    if (code === quote) at = endOfString(text, at);
    else if (code === curlyClose || code === squareClose) {
      if (depth === 0) return { start, end: at, values };
      depth--;
      at++;
    } else {
      if (code === comma && depth === 0) return { start, end: at, values };
      if (code === curlyOpen || code === squareOpen) depth++;
      if (code === comma || code === curlyOpen || code === squareOpen) values++;
      at++;
      continue;
    }
    if (depth === 0) return { start, end: at, values };
  }
  throw damaged();
}

/** Behind the closing quote. */
function endOfString(text: Buffer, start: number): number {
  for (let end = start; ;) {
    end = text.indexOf(quote, end + 1);
    if (end < 0) throw damaged();
    let slashes = 0;
    while (text[end - 1 - slashes] === backslash) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
}

function skipSpace(text: Buffer, at: number): number {
  while (at < text.length && (text[at] as number) <= 32) at++;
  return at;
}

function damaged(): RequestError {
  return new RequestError('malformed', message('The answer of the server is cut off or damaged.'));
}
