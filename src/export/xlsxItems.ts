import { readFile, stat } from 'node:fs/promises';
import { streamXlsxRows } from 'hucre/xlsx';
import { UserError } from '../core/errors';
import { eventFields } from '../core/event';
import { message } from '../core/message';
import { onDisk } from './fileErrors';
import { isHeader, readHeader, toRecord } from './logItems';
import { Pace } from './pace';
import { readContinuation } from './sheetRows';

/** Megabytes of a workbook; it is held in memory as a whole. */
const mostMegabytes = 64;
/** Characters of all its records together. */
const mostCharacters = 1024 * 1024 * 1024;

/**
 * The records of all sheets of a workbook as JSON text, texts continued in further cells put together again.
 * A moment comes back as RFC 3339 in UTC, whatever the zone it was received in.
 */
export async function readXlsxItems(path: string, signal: AbortSignal): Promise<readonly Uint8Array[]> {
  const { size } = await onDisk(path, 'read', () => stat(path));
  if (size > mostMegabytes * 1024 * 1024) throw tooLarge(path);
  const bytes = await onDisk(path, 'read', () => readFile(path, { signal }));
  const pace = new Pace(signal);
  const items: Uint8Array[] = [];
  let characters = 0;
  const add = (item: string): void => {
    characters += item.length;
    if (characters > mostCharacters) throw tooLarge(path);
    items.push(new TextEncoder().encode(item));
  };
  const record = new RecordCells(add);
  let found = false;
  let firstRow: Cells | undefined;
  try {
    for (let sheet = 0; sheet < countSheets(bytes); sheet++) {
      let names: readonly string[] | undefined;
      for await (const { values } of streamXlsxRows(bytes, { sheet })) {
        if (pace.due) await pace.rest();
        const cells = values.map(cellText);
        if (names) {
          record.take(names, cells);
          continue;
        }
        firstRow ??= cells;
        names = cells.map((cell) => cell?.trim() ?? '');
        if (!isHeader(names)) break; // a sheet of somebody's own
        found = true;
      }
    }
    record.flush();
  } catch (error) {
    if (error instanceof UserError || signal.aborted) throw error;
    throw new UserError(message('{0} is damaged, or not an Excel workbook.', path), { cause: error });
  }
  if (!found) readHeader(firstRow ?? []);
  return items;
}

type Cells = readonly (string | undefined)[];

/** How many sheets the directory at the end of the ZIP archive names. */
function countSheets(bytes: Buffer): number {
  const directory = bytes.subarray(-1024 * 1024).toString('latin1');
  const start = directory.lastIndexOf('PK\x05\x06');
  const entries = directory.slice(0, start).matchAll(/PK\x01\x02[^]{42}(xl\/worksheets\/[^/]*?\.xml)/g);
  return new Set(Array.from(entries, ([, name]) => name)).size;
}

function tooLarge(path: string): UserError {
  return new UserError(
    message(
      '{0} is too large to be opened ({1} MB at most). Export the events as ndjson instead.',
      path,
      mostMegabytes,
    ),
  );
}

/** Puts together the cells of a record, which may go on in further rows. */
class RecordCells {
  #names: readonly string[] = [];
  #cells: (string | undefined)[] | undefined;
  #rest: string[] = [];

  constructor(private readonly add: (item: string) => void) {}

  take(names: readonly string[], cells: Cells): void {
    const width = eventFields.length;
    const rest = cells.slice(width).map((cell) => cell ?? '');
    if (cells.slice(0, width).every((cell) => cell === undefined)) {
      if (this.#rest.length > 0) this.#rest.push(...rest);
      return;
    }
    this.flush();
    this.#names = names;
    this.#cells = cells.slice(0, names.length);
    this.#rest = names.length === width ? rest : [];
  }

  flush(): void {
    if (!this.#cells) return;
    for (let at = 0; at < this.#rest.length;) {
      const continued = readContinuation(this.#rest[at] ?? '');
      if (!continued) break;
      const column = this.#names.indexOf(continued.field);
      const more = this.#rest.slice(at + 1, at + 1 + continued.cells);
      if (column >= 0) this.#cells[column] = [this.#cells[column] ?? '', ...more].join('');
      at += 1 + continued.cells;
    }
    this.add(toRecord(this.#names, this.#cells));
    this.#cells = undefined;
    this.#rest = [];
  }
}

function cellText(value: unknown): string | undefined {
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
