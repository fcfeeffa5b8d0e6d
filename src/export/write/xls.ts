import { UserError } from '../../core/base/errors';
import { eventFields } from '../../core/event/event';
import { message } from '../../core/base/message';
import {
  cellFormat,
  endOfSubstream,
  globalRecords,
  maxCell,
  putNumberCell,
  putTextCell,
  sheetEntry,
  sheetHead,
  sheetTail,
} from './biff';
import { compoundFile, streamLimit } from './compoundFile';
import { Pace } from './pace';
import { SharedTexts } from './sharedTexts';
import { allRows, columnWidths, timeFormats, toSerial, type Cell } from './sheetRows';
import type { Scratch, Writer } from './writer';

const chunkSize = 256 * 1024;
const widths = eventFields.map((field) => columnWidths[field]);

interface XlsLimits {
  /** Rows of a sheet, its header included. */
  readonly rows: number;
  readonly columns: number;
}

const excelLimits: XlsLimits = { rows: 65_536, columns: 256 };

/** The extent of a sheet, and where its cells lie in the scratch file. */
interface Sheet {
  rows: number;
  columns: number;
  readonly start: number;
  end: number;
}

/**
 * BIFF8, the format of Excel 97-2003: dates as dates, everything else as text, a bold frozen header, sheets of 65,536 rows.
 * A lone surrogate, at which other readers give up, becomes U+FFFD.
 * Texts and cells gather in scratch files, since the file begins with what is known only at the end.
 * @throws UserError past the 2 GB that the format can hold
 */
export function xlsWriter(limits: XlsLimits = excelLimits): Writer {
  return async function* write(batches, context) {
    const pace = new Pace(context.signal);
    const texts = new SharedTexts(await context.createScratch());
    const cells = new Cells(await context.createScratch(), texts, pace);
    const sheets: Sheet[] = [];
    let sheet: Sheet | undefined;
    const begin = async (): Promise<Sheet> => {
      const next = { rows: 0, columns: eventFields.length, start: cells.size, end: cells.size };
      sheets.push(next);
      await cells.addRow(next, eventFields, cellFormat.header);
      return next;
    };
    for await (const row of allRows(batches, limits.columns, pace)) {
      if (!sheet || sheet.rows === limits.rows) sheet = await begin();
      await cells.addRow(sheet, row, cellFormat.plain);
      if (texts.size + cells.size > streamLimit) throw tooLarge();
    }
    if (!sheet) await begin();
    yield* assemble(sheets, cells, texts);
  };
}

/** The records of all cells in order, grown on disk. */
class Cells {
  #written = 0;
  #ready = Buffer.alloc(chunkSize);
  #used = 0;

  constructor(
    private readonly scratch: Scratch,
    private readonly texts: SharedTexts,
    private readonly pace: Pace,
  ) {}

  /** Bytes of the records so far. */
  get size(): number {
    return this.#written + this.#used;
  }

  async addRow(sheet: Sheet, row: readonly Cell[], format: number): Promise<void> {
    if (this.#used + row.length * maxCell > chunkSize) await this.flush();
    for (const [column, cell] of row.entries()) {
      if (cell === undefined) continue;
      if (typeof cell === 'string') {
        const place = { row: sheet.rows, column, format };
        this.#used = putTextCell(this.#ready, this.#used, place, this.texts.add(cell));
      } else {
        const place = { row: sheet.rows, column, format: cellFormat[cell % 1000 === 0 ? 'seconds' : 'milliseconds'] };
        this.#used = putNumberCell(this.#ready, this.#used, place, toSerial(cell));
      }
      await this.texts.flush();
      if (this.pace.due) await this.pace.rest();
    }
    sheet.rows++;
    sheet.columns = Math.max(sheet.columns, row.length);
    sheet.end = this.size;
  }

  async flush(): Promise<void> {
    await this.scratch.append(this.#ready.subarray(0, this.#used));
    this.#written += this.#used;
    this.#used = 0;
  }

  read(start: number, end: number): AsyncIterable<Uint8Array> {
    return this.scratch.read(start, end);
  }
}

async function* assemble(sheets: readonly Sheet[], cells: Cells, texts: SharedTexts): AsyncGenerator<Uint8Array> {
  await cells.flush();
  const framed = sheets.map((sheet, index) => ({
    ...sheet,
    name: index === 0 ? 'Events' : `Events ${index + 1}`,
    head: sheetHead(sheet.rows, sheet.columns, widths),
    tail: sheetTail(index === 0),
  }));
  const globals = globalRecords(timeFormats);
  const entries = (offsets: readonly number[]): Buffer =>
    Buffer.concat(framed.map(({ name }, index) => sheetEntry(name, offsets[index] ?? 0)));
  let size = globals.length + entries([]).length + texts.size + endOfSubstream.length;
  const offsets = framed.map(({ head, start, end, tail }) => {
    const offset = size;
    size += head.length + (end - start) + tail.length;
    return offset;
  });
  if (size > streamLimit) throw tooLarge();
  yield* compoundFile('Workbook', size, content());

  async function* content(): AsyncGenerator<Uint8Array> {
    yield globals;
    yield entries(offsets);
    yield* texts.records();
    yield endOfSubstream;
    for (const { head, start, end, tail } of framed) {
      yield head;
      yield* cells.read(start, end);
      yield tail;
    }
  }
}

function tooLarge(): UserError {
  return new UserError(
    message('The events do not fit into one xls file of 2 GB. Export them as xlsx or csv, or a shorter time range.'),
  );
}
