import { Pace } from './pace';
import { allRows, type Cell } from './sheetRows';
import type { Writer } from './writer';
import { rowPieces, sheetHead, sheetTail, workbookParts } from './xlsxParts';
import { zip, type ZipEntry } from './zip';

const chunkSize = 128 * 1024;

interface XlsxLimits {
  /** Rows of a sheet, its header included. */
  readonly rows: number;
  readonly columns: number;
  /** Bytes of XML after which no row begins on a sheet. */
  readonly bytes: number;
}

const excelLimits: XlsxLimits = { rows: 1_048_576, columns: 16_384, bytes: 3_000_000_000 };

/**
 * Office Open XML: dates as dates, everything else as text, a frozen header with a filter, as many sheets as needed.
 * Texts lie in their cells rather than in a shared table, so memory does not grow with the number of events.
 */
export function xlsxWriter(limits: XlsxLimits = excelLimits): Writer {
  return (batches, context) => {
    const pace = new Pace(context.signal);
    return zip(entries(allRows(batches, limits.columns, pace), limits, pace), context.signal);
  };
}

async function* entries(rows: AsyncGenerator<Cell[]>, limits: XlsxLimits, pace: Pace): AsyncGenerator<ZipEntry> {
  const sheets: { name: string; rows: number }[] = [];
  let next = await rows.next();
  try {
    do {
      const number = sheets.length + 1;
      const sheet = { name: number === 1 ? 'Events' : `Events ${number}`, rows: 1 };
      sheets.push(sheet);
      yield { path: `xl/worksheets/sheet${number}.xml`, data: sheetXml(sheet) };
    } while (!next.done);
  } finally {
    await rows.return(undefined);
  }
  for (const { path, text } of workbookParts(sheets)) yield { path, data: [Buffer.from(text)] };

  async function* sheetXml(sheet: { rows: number }): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    let text = sheetHead();
    for (; !next.done && sheet.rows < limits.rows && bytes < limits.bytes; next = await rows.next()) {
      sheet.rows++;
      for (const piece of rowPieces(sheet.rows, next.value)) {
        text += piece;
        if (text.length < chunkSize) continue;
        const chunk = Buffer.from(text);
        bytes += chunk.length;
        yield chunk;
        text = '';
        if (pace.due) await pace.rest();
      }
    }
    yield Buffer.from(text + sheetTail(sheet.rows));
  }
}
