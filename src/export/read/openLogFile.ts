import { stat } from 'node:fs/promises';
import { UserError } from '../../core/base/errors';
import { eventFields } from '../../core/event/event';
import type { Disposable } from '../../core/base/lifecycle';
import { message } from '../../core/base/message';
import type { Range } from '../../core/time/range';
import type { EventSource } from '../../core/event/source';
import { decodeFile, encodingOf, readStart } from './decodeFile';
import { onDisk } from '../fileErrors';
import { FileSource } from './fileSource';
import { isHeader, readDelimitedItems, readJsonItems, readLines } from './logItems';
import { Pace } from '../write/pace';
import { parseRecord, timeOf, type ReadItems } from './savedRecord';
import { readXlsxItems } from './xlsxItems';

/** A saved file, ready to be loaded like an answer of the API. */
export interface LogFile extends Disposable {
  /** Pages in the order of the file; the marker is the number of items passed. */
  readonly source: EventSource;
  /** Records, and items in a record's place that are none: the decoder reports those. */
  readonly events: number;
  readonly unreadable: number;
  /** From the oldest to just after the newest readable timestamp, in whole seconds. */
  readonly range: Range | undefined;
}

/**
 * Opens a saved log: json (answers, lists), ndjson, csv, tsv, xlsx, told apart by content. The whole file is read once, so
 * that what cannot be used is said here.
 * @throws UserError naming what is wrong with the file
 */
export async function openLogFile(path: string, signal: AbortSignal): Promise<LogFile> {
  signal.throwIfAborted();
  const { size, mtimeMs } = await onDisk(path, 'read', () => stat(path));
  const read = await chooseReader(path, signal);
  const pace = new Pace(signal);
  let [events, unreadable, known, oldest, newest] = [0, 0, 0, Infinity, -Infinity];
  for await (const item of read(signal)) {
    if (pace.due) await pace.rest();
    const event = parseRecord(item);
    if (!event) {
      unreadable++;
      continue;
    }
    events++;
    if (eventFields.some((field) => Object.hasOwn(event, field))) known++;
    const time = timeOf(event);
    if (time !== undefined) [oldest, newest] = [Math.min(oldest, time), Math.max(newest, time)];
  }
  if (known === 0 && events + unreadable > 0) throw noEvents(path);
  const source = new FileSource(events + unreadable, async function* (again) {
    const now = await onDisk(path, 'read', () => stat(path));
    if (now.size !== size || now.mtimeMs !== mtimeMs) {
      throw new UserError(message('{0} was changed while it was being read. Open it again.', path));
    }
    yield* read(again);
  });
  const range = oldest <= newest ? { from: floorSecond(oldest), to: floorSecond(newest) + 1000 } : undefined;
  return { source, events, unreadable, range, dispose: () => source.dispose() };
}

async function chooseReader(path: string, signal: AbortSignal): Promise<ReadItems> {
  const start = await readStart(path, 64 * 1024);
  if (start.length === 0) throw new UserError(message('{0} is empty.', path));
  if (start.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) {
    return (again) => readXlsxItems(path, again);
  }
  if (start.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
    throw new UserError(message('{0} is an old Excel workbook (xls). Save it as xlsx and open that.', path));
  }
  try {
    return chooseTextReader(path, await readText(path, signal));
  } catch (error) {
    const binary = start.includes(0) && encodingOf(start) === 'utf-8';
    throw binary && !signal.aborted ? noEvents(path) : error;
  }
}

function chooseTextReader(path: string, text: string): ReadItems {
  const [firstLine = '', ...others] = text.trimStart().split(/\r?\n/);
  if (text.trim() === '') throw new UserError(message('{0} is empty.', path));
  if (firstLine.startsWith('<')) {
    throw new UserError(message('{0} is a web page or XML, not a saved activity log.', path));
  }
  if (firstLine.startsWith('{') || firstLine.startsWith('[')) {
    const first = parseRecord(firstLine);
    const named = /\.(ndjson|jsonl)$/i.test(path);
    // Lines are read as lines, so that a damaged one does not swallow the next; an answer on a line is read as JSON.
    const byLine = first
      ? !Array.isArray(first['logs']) && (named || others.some((line) => line.trim() !== ''))
      : named;
    return (signal) => (byLine ? readLines(path, signal) : readJsonItems(path, signal));
  }
  const delimiter = [',', '\t', ';'].find((each) => isHeader(splitHeader(firstLine, each)));
  if (delimiter === undefined) throw noEvents(path);
  return (signal) => readDelimitedItems(path, delimiter, signal);
}

function splitHeader(line: string, delimiter: string): string[] {
  return line.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
}

/** The beginning of the text, enough for its first lines. */
async function readText(path: string, signal: AbortSignal): Promise<string> {
  let text = '';
  for await (const chunk of decodeFile(path, signal)) {
    text += chunk;
    if (text.length > 1024 * 1024) break;
  }
  return text;
}

function floorSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

function noEvents(path: string): UserError {
  return new UserError(
    message('{0} holds no activity log. Open a file saved as json, ndjson, csv, tsv or xlsx.', path),
  );
}
