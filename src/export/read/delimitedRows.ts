import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';

/** One cell; undefined for an empty one without quotes. */
export type DelimitedCell = string | undefined;

interface DelimitedRow {
  readonly cells: readonly DelimitedCell[];
  /** Whether a quote stands where RFC 4180 knows none: the cells may have run together. */
  readonly broken: boolean;
}

/** UTF-16 units of a row, and its cells: spreadsheet programs know no more. */
const maxCharacters = 128 * 1024 * 1024;
const maxCells = 16_384;
const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d];

/** Reads RFC 4180 text chunk by chunk; lines may also end in a lone LF or CR. Empty lines are no rows. */
export class DelimitedRows {
  #cells: DelimitedCell[] = [];
  /** The cell under way. */
  #text = '';
  /** UTF-16 units of the cells before it. */
  #size = 0;
  #state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  #broken = false;
  readonly #delimiter: number;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  *push(chunk: string): Generator<DelimitedRow> {
    let start = 0; // of the part of the cell under way that lies in this chunk
    const take = (end: number): void => {
      if (end > start) this.#text += chunk.slice(start, end);
      start = end + 1;
    };
    for (let at = 0; at < chunk.length; at++) {
      if (this.#state === 'quoted') {
        const end = chunk.indexOf('"', at);
        if (end < 0) break;
        take(end);
        at = end;
        this.#state = 'closed';
        continue;
      }
      const unit = chunk.charCodeAt(at);
      if (unit === quote) {
        if (this.#state === 'closed') {
          start = at; // a doubled quote stands for one: it is the next character of the cell
          this.#state = 'quoted';
        } else if (this.#state === 'start') {
          start = at + 1;
          this.#state = 'quoted';
        } else {
          this.#broken = true;
        }
      } else if (unit === this.#delimiter) {
        take(at);
        this.#endCell();
      } else if (unit === lineFeed || unit === carriageReturn) {
        take(at);
        yield* this.#endRow();
      } else if (this.#state === 'closed') {
        this.#broken = true;
        this.#state = 'plain';
        start = at;
      } else {
        this.#state = 'plain';
      }
    }
    take(chunk.length);
    if (this.#size + this.#text.length > maxCharacters) {
      throw new UserError(message('The file holds a record of over {0} million characters.', 128));
    }
  }

  /** The last row where no line end follows it; broken where a quote was never closed. */
  *finish(): Generator<DelimitedRow> {
    this.#broken ||= this.#state === 'quoted';
    yield* this.#endRow();
  }

  #endCell(): void {
    const count = this.#cells.push(this.#text === '' && this.#state === 'start' ? undefined : this.#text);
    if (count > maxCells)
      throw new UserError(
        message('The file holds a row of over {0} cells, so it is no activity log. Choose another one.', maxCells),
      );
    this.#size += this.#text.length;
    this.#text = '';
    this.#state = 'start';
  }

  *#endRow(): Generator<DelimitedRow> {
    const empty = this.#cells.length === 0 && this.#text === '' && this.#state === 'start';
    if (empty) return;
    this.#endCell();
    const row = { cells: this.#cells, broken: this.#broken };
    this.#cells = [];
    this.#size = 0;
    this.#broken = false;
    yield row;
  }
}
