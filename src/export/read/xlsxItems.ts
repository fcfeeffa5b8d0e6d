import type { FileHandle } from 'node:fs/promises';
import { UserError } from '../../core/base/errors';
import { eventFields } from '../../core/event/event';
import { message } from '../../core/base/message';
import { isHeader, readHeader, type LogItems } from './logItems';
import { openFile } from './openFile';
import { SheetReader, type SheetCell } from './sheetReader';
import { readContinuation } from '../write/sheetRows';
import { readDirectory, readPart, type ZipPart } from './unzip';
import { heldParts, readWorkbook } from './workbook';

const megabyte = 1024 * 1024;

/** What is held in memory of a workbook, unpacked; also what all of a small one may come to. */
const maxHeld = 512 * megabyte;
/** A large one may come to so many times its size: a log packs to a tenth or so, a bomb to a thousandth. */
const maxRatio = 100;
const maxRecord = 128 * megabyte;

/**
 * The records of all sheets of a workbook as JSON text, texts continued in further cells put together again. Sheets are read as
 * they are asked for, so that memory does not grow with them.
 * A moment comes back as RFC 3339 in UTC, whatever the zone it was received in. `maxCharacters` is of all records: cells may share
 * their texts.
 */
export async function* readXlsxItems(path: string, signal: AbortSignal, maxCharacters = 4096 * megabyte): LogItems {
  const file = await openFile(path);
  try {
    yield* readItems(path, file, maxCharacters, signal);
  } catch (error) {
    if (error instanceof UserError || signal.aborted) throw error;
    throw new UserError(message('{0} is damaged, or not an Excel workbook.', path), { cause: error });
  } finally {
    await file.close();
  }
}

async function* readItems(path: string, file: FileHandle, maxCharacters: number, signal: AbortSignal): LogItems {
  const parts = await readDirectory(file);
  const { size } = await file.stat();
  refuseBomb(path, sizeOf(heldParts(parts)), maxHeld);
  refuseBomb(path, sizeOf([...parts.values()]), Math.max(maxHeld, maxRatio * size));
  const workbook = await readWorkbook(file, parts, signal);
  const records = new Records();
  let found = false;
  let firstRow: readonly string[] | undefined;
  let characters = 0;
  for (const sheet of workbook.sheets) {
    const reader = new SheetReader(workbook);
    let names: readonly string[] | undefined;
    reading: for await (const chunk of readPart(file, sheet, signal)) {
      for (const row of reader.push(chunk)) {
        if (names) {
          const item = records.take(names, row);
          characters += item?.length ?? 0;
          if (characters > maxCharacters) refuseBomb(path, characters, maxCharacters);
          if (item !== undefined) yield item;
          continue;
        }
        names = namesOf(row);
        firstRow ??= names;
        if (!isHeader(names)) break reading; // a sheet of somebody's own
        found = true;
      }
    }
  }
  const last = records.flush();
  if (last !== undefined) yield last;
  if (!found) readHeader(firstRow ?? []);
}

function sizeOf(parts: readonly ZipPart[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}

function refuseBomb(path: string, size: number, most: number): void {
  if (size <= most) return;
  throw new UserError(
    message(
      '{0} would unpack to over {1} MB, which is too much. Export fewer events, or as ndjson.',
      path,
      Math.floor(most / megabyte),
    ),
  );
}

function namesOf(row: readonly SheetCell[]): string[] {
  const names: string[] = [];
  for (const { column, text } of row) {
    while (names.length < column) names.push('');
    names[column] = text.trim();
  }
  return names;
}

/** Puts together the cells of a record, which may go on in further rows. */
class Records {
  #names: readonly string[] = [];
  #fields: Map<string, string> | undefined;
  #rest: string[] = [];
  #size = 0;

  /** Begins a record, or goes on with it. Returns the one before, where that has ended. */
  take(names: readonly string[], row: readonly SheetCell[]): string | undefined {
    const width = eventFields.length;
    if (row.every(({ column }) => column >= width)) {
      if (this.#rest.length > 0) for (const { text } of row) this.#continue(text);
      return undefined;
    }
    const before = this.flush();
    this.#names = names;
    this.#fields = new Map();
    for (const { column, text } of row) {
      const name = names[column] ?? '';
      if (name !== '') this.#fields.set(name, text);
      else if (column >= width && names.length === width) this.#continue(text);
    }
    return before;
  }

  flush(): string | undefined {
    const fields = this.#fields;
    if (!fields) return undefined;
    for (let at = 0; at < this.#rest.length;) {
      const continued = readContinuation(this.#rest[at] ?? '');
      if (!continued) break;
      const { field, cells } = continued;
      const more = this.#rest.slice(at + 1, at + 1 + cells);
      if (this.#names.includes(field)) fields.set(field, [fields.get(field) ?? '', ...more].join(''));
      at += 1 + cells;
    }
    this.#fields = undefined;
    this.#rest = [];
    this.#size = 0;
    return JSON.stringify(Object.fromEntries(fields));
  }

  #continue(text: string): void {
    this.#rest.push(text);
    this.#size += text.length;
    if (this.#size > maxRecord)
      throw new UserError(message('The file holds a record of over {0} million characters.', 128));
  }
}
