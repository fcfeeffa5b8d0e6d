import { UserError } from '../core/errors';
import { eventFields } from '../core/event';
import { message } from '../core/message';
import {
  cellFormat,
  endOfSubstream,
  globalRecords,
  numberCell,
  sheetEntry,
  sheetHead,
  sheetTail,
  textCell,
} from './biff';
import { compoundFile, streamLimit } from './compoundFile';
import { Pace } from './pace';
import { SharedTexts } from './sharedTexts';
import { allRows, columnWidths, timeFormats, toSerial, type Cell } from './sheetRows';
import type { Scratch, Writer } from './writer';

const chunkSize = 256 * 1024;
const widths = eventFields.map((field) => columnWidths[field]);

export interface XlsLimits {
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
 * Texts and cells gather in scratch files, since the file begins with what is known only at the end.
 * @throws UserError past the 2 GB that the format can hold
 */
export function xlsWriter(limits: XlsLimits = excelLimits): Writer {
  return async function* write(batches, context) {
    const pace = new Pace(context.signal);
    const texts = new SharedTexts(await context.createScratch());
    const cells = new Cells(await context.createScratch(), texts);
    const sheets: Sheet[] = [];
    let sheet: Sheet | undefined;
    const begin = (): Sheet => {
      const next = { rows: 0, columns: eventFields.length, start: cells.size, end: cells.size };
      sheets.push(next);
      cells.addRow(next, eventFields, cellFormat.header);
      return next;
    };
    for await (const row of allRows(batches, limits.columns, pace)) {
      if (!sheet || sheet.rows === limits.rows) sheet = begin();
      cells.addRow(sheet, row, cellFormat.plain);
      await cells.flush();
      await texts.flush();
      if (texts.size + cells.size > streamLimit) throw tooLarge();
    }
    if (!sheet) begin();
    yield* assemble(sheets, cells, texts);
  };
}

/** The records of all cells in order, grown on disk. */
class Cells {
  size = 0;
  #ready: Buffer[] = [];
  #readySize = 0;

  constructor(
    private readonly scratch: Scratch,
    private readonly texts: SharedTexts,
  ) {}

  addRow(sheet: Sheet, row: readonly Cell[], format: number): void {
    for (const [column, cell] of row.entries()) {
      if (cell === undefined) continue;
      const bytes =
        typeof cell === 'string'
          ? textCell(sheet.rows, column, format, this.texts.add(cell))
          : numberCell(sheet.rows, column, cellFormat[cell % 1000 === 0 ? 'seconds' : 'milliseconds'], toSerial(cell));
      this.#ready.push(bytes);
      this.#readySize += bytes.length;
      this.size += bytes.length;
    }
    sheet.rows++;
    sheet.columns = Math.max(sheet.columns, row.length);
    sheet.end = this.size;
  }

  async flush(least = chunkSize): Promise<void> {
    if (this.#readySize < least) return;
    await this.scratch.append(Buffer.concat(this.#ready));
    this.#ready = [];
    this.#readySize = 0;
  }

  read(start: number, end: number): AsyncIterable<Uint8Array> {
    return this.scratch.read(start, end);
  }
}

async function* assemble(sheets: readonly Sheet[], cells: Cells, texts: SharedTexts): AsyncGenerator<Uint8Array> {
  await cells.flush(0);
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
