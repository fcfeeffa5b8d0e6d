import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { decodeEscapes, type Workbook } from './workbook';
import { readAttributes, XmlReader } from './xmlReader';

/** A cell that is not empty. */
export interface SheetCell {
  /** From 0. */
  readonly column: number;
  readonly text: string;
}

/** The most that spreadsheet programs know. */
const maxColumns = 16_384;
const maxCharacters = 128 * 1024 * 1024;
/** UTF-16 units of a cell: many times what they know, yet little where it comes in pieces of one. */
const maxCell = 1 << 20;

/** Reads the rows of a sheet chunk by chunk; a moment comes as RFC 3339 in UTC. */
export class SheetReader {
  readonly #workbook: Workbook;
  readonly #xml: XmlReader;
  #rows: SheetCell[][] = [];
  #row: SheetCell[] | undefined;
  /** UTF-16 units of the row. */
  #size = 0;
  /** The column of the cell under way, or of the next one. */
  #column = 0;
  #type = '';
  #style = -1;
  #text = '';
  #isText = false;
  #isPhonetic = false;

  constructor(workbook: Workbook) {
    this.#workbook = workbook;
    this.#xml = new XmlReader({
      open: (name, tag) => this.#open(name, tag),
      close: (name) => this.#close(name),
      text: (text) => {
        if (this.#isText) this.#add(text);
      },
    });
  }

  /** The rows that end within `chunk`. @throws UserError where one is too large; Error where this is no sheet */
  push(chunk: string): readonly (readonly SheetCell[])[] {
    this.#xml.push(chunk);
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #open(name: string, tag: string): void {
    if (name === 'row') {
      this.#row = [];
      [this.#size, this.#column] = [0, 0];
    } else if (name === 'c') {
      const { r, t = '', s } = readAttributes(tag);
      if (r !== undefined) this.#column = columnOf(r);
      if (this.#column >= maxColumns) throw new Error('A cell outside of all columns');
      [this.#type, this.#style, this.#text] = [t, s === undefined ? -1 : Number(s), ''];
    } else if (name === 'rPh') this.#isPhonetic = true;
    else if (name === 'v' || name === 't') this.#isText = !this.#isPhonetic;
  }

  #close(name: string): void {
    if (name === 'v' || name === 't') this.#isText = false;
    else if (name === 'rPh') this.#isPhonetic = false;
    else if (name === 'c') this.#endCell();
    else if (name === 'row' && this.#row) {
      this.#rows.push(this.#row);
      this.#row = undefined;
    }
  }

  #add(text: string): void {
    this.#text += text;
    if (this.#text.length > maxCell) throw new Error('A cell without end');
    this.#count(text);
  }

  #count(text: string): void {
    this.#size += text.length;
    if (this.#size > maxCharacters)
      throw new UserError(message('The file holds a record of over {0} million characters.', 128));
  }

  #endCell(): void {
    const text = this.#value();
    if (text !== undefined) {
      if (this.#type === 's') this.#count(text);
      this.#row?.push({ column: this.#column, text });
    }
    this.#column++;
    this.#text = '';
  }

  #value(): string | undefined {
    const text = this.#text;
    switch (this.#type) {
      case 's':
        return this.#workbook.sharedTexts[Number(text)];
      case 'inlineStr':
      case 'str':
      case 'e':
      case 'd':
        return decodeEscapes(text);
      case 'b':
        return String(text === '1' || text.toLowerCase() === 'true');
      default:
        return text.trim() === '' ? undefined : this.#number(text);
    }
  }

  #number(text: string): string {
    const number = Number(text);
    if (Number.isNaN(number)) return text;
    if (!this.#workbook.dateStyles[this.#style]) return String(number);
    const days = number - 25_569 + (this.#workbook.since1904 ? 1_462 : 0);
    const date = new Date(Math.round(days * 86_400_000));
    return Number.isNaN(date.getTime()) ? String(number) : date.toISOString().replace('.000Z', 'Z');
  }
}

/** The column of a place like `AB12`, from 0. */
function columnOf(place: string): number {
  let column = 0;
  for (let at = 0; at < 4; at++) {
    const letter = (place.charCodeAt(at) | 0x20) - 0x60;
    if (!(letter >= 1 && letter <= 26)) break;
    column = column * 26 + letter;
  }
  return column - 1;
}
