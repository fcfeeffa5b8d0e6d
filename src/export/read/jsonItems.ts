import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';

/** A text longer than this is not held as one record. */
const maxCharacters = 128 * 1024 * 1024;

/** The key of the list of records with the quote that ends it. */
const key = 'logs"';

/** What is being read: values side by side, the elements of `logs`, or the rest of an answer around them. */
type Place = 'values' | 'logs' | 'answer';

/**
 * Finds the records in JSON text without parsing it, so that each comes out exactly as written and a file of any size can
 * be read. Knows answers (`{"logs": [...]}`), bare lists, single records, and any number of these one after the other.
 * Text that is no JSON comes out as items too: nothing is passed over.
 */
export class JsonItems {
  /** Whether a list of records was seen, be it empty. */
  sawList = false;

  readonly #places: Place[] = ['values'];
  /** The item under way: its text from earlier chunks, open brackets, and whether it is in a string. */
  #earlier = '';
  #kind: 'none' | 'nested' | 'string' | 'word' = 'none';
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** How the last string at depth 1 goes on after its quote, as far as it can be the key `logs`. */
  #key = '';

  /** The items that end within `chunk`. */
  *push(chunk: string): Generator<string> {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const unit = chunk.charCodeAt(at);
      if (this.#kind === 'none') {
        start = at;
        this.#begin(unit);
        continue;
      }
      if (this.#kind === 'word') {
        if (!isBreak(unit)) continue;
        yield this.#end(chunk.slice(start, at));
        start = at;
        this.#begin(unit);
        continue;
      }
      if (this.#inString) {
        const end = endOfString(chunk, this.#escaped ? at + 1 : at);
        if (this.#depth === 1 && this.#key.length <= key.length)
          this.#key += chunk.slice(at, Math.min(end + 1, at + 6));
        this.#escaped = end > chunk.length;
        this.#inString = end >= chunk.length;
        at = end;
        if (this.#kind === 'string' && !this.#inString) yield this.#end(chunk.slice(start, at + 1));
        continue;
      }
      if (unit === quote) {
        this.#inString = true;
        this.#key = '';
      } else if (unit === openBrace || unit === openBracket) {
        if (unit === openBracket && this.#depth === 1 && this.#isAnswer()) {
          this.#enterLogs();
          continue;
        }
        this.#depth++;
      } else if (unit === closeBrace || unit === closeBracket) {
        if (--this.#depth > 0) continue;
        if (this.#place === 'answer') this.#leaveAnswer();
        else yield this.#end(chunk.slice(start, at + 1));
      } else if (unit === comma && this.#depth === 1) {
        this.#key = '';
      }
    }
    if (this.#kind === 'none' || this.#place === 'answer') return;
    this.#earlier += chunk.slice(start);
    if (this.#earlier.length > maxCharacters)
      throw new UserError(message('The file holds a record of over {0} million characters.', 128));
  }

  /** What is left at the end of the text: a word, or an item or list cut off. */
  finish(): string | undefined {
    if (this.#kind !== 'none' && this.#place !== 'answer') return this.#end('');
    return this.#places.length > 1 ? '(cut off)' : undefined;
  }

  get #place(): Place {
    return this.#places.at(-1) ?? 'values';
  }

  /** Whether the item under way is an object outside of any `logs`, and the value that begins is that of its `logs`. */
  #isAnswer(): boolean {
    return this.#key === key && this.#place !== 'logs' && this.#kind === 'nested';
  }

  #begin(unit: number): void {
    if (isSpace(unit) || unit === comma) return;
    if (unit === closeBracket && this.#places.length > 1) {
      this.#places.pop();
      if (this.#place === 'answer') [this.#kind, this.#depth] = ['nested', 1];
    } else if (unit === openBracket && this.#place === 'values') {
      this.#places.push('values');
      this.sawList = true;
    } else if (unit === openBrace || unit === openBracket) {
      [this.#kind, this.#depth, this.#key] = ['nested', 1, ''];
    } else if (unit === quote) {
      [this.#kind, this.#inString] = ['string', true];
    } else {
      this.#kind = 'word';
    }
  }

  #end(rest: string): string {
    const text = this.#earlier + rest;
    [this.#earlier, this.#kind, this.#depth, this.#inString, this.#escaped] = ['', 'none', 0, false, false];
    return text;
  }

  #enterLogs(): void {
    if (this.#place !== 'answer') this.#places.push('answer');
    this.#places.push('logs');
    this.sawList = true;
    this.#end('');
  }

  #leaveAnswer(): void {
    this.#places.pop();
    this.#end('');
  }
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Where the quote stands that ends a string; the length, or one more after a backslash, where the text ends before. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === quote) return at;
    at += unit === backslash ? 2 : 1;
  }
  return at;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function isBreak(unit: number): boolean {
  return isSpace(unit) || unit === comma || unit === closeBracket || unit === openBracket || unit === openBrace;
}
