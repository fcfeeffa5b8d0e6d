import { eventFields, type ActivityEvent, type EventField } from '../../core/event/event';
import { readTime } from '../../core/time/time';
import { columnText } from '../columns';
import type { Pace } from './pace';
import { slices } from './slices';
import type { Batches } from './writer';

/** The most UTF-16 units Excel keeps in one cell. */
export const cellLimit = 32_767;

/** A cell: text, a moment (UTC milliseconds), or nothing. */
export type Cell = string | number | undefined;

/** Character widths of the columns, in their order. */
export const columnWidths: Readonly<Record<EventField, number>> = {
  timestamp: 22,
  source: 12,
  action: 28,
  success: 9,
  method: 9,
  uri: 60,
  user_email: 28,
  user_id: 36,
  user_agent: 32,
  request_id: 44,
  event_id: 40,
  request_body: 60,
  response_body: 60,
};

/** How a sheet shows moments; the zone is said, since Excel's dates have none. */
export const timeFormats = { seconds: 'yyyy-mm-dd hh:mm:ss"Z"', milliseconds: 'yyyy-mm-dd hh:mm:ss.000"Z"' } as const;

/**
 * The rows of an event: its columns; then, for each text over {@link cellLimit}, a cell that says which column continues
 * in how many cells, and these cells. Where a row is full (`columns` cells), the next one goes on after empty columns.
 */
export function* sheetRows(event: ActivityEvent, columns: number): Generator<Cell[]> {
  const cells: Cell[] = [];
  const continued: string[] = [];
  for (const field of eventFields) {
    const text = columnText(event, field);
    if (text === undefined || text.length <= cellLimit) {
      cells.push(field === 'timestamp' && text !== undefined ? timeCell(text) : text);
      continue;
    }
    const [first, ...rest] = slices(text, cellLimit);
    cells.push(first);
    continued.push(`${field} continues in ${rest.length} cells:`, ...rest);
  }
  const room = columns - eventFields.length;
  yield [...cells, ...continued.slice(0, room)];
  for (let start = room; start < continued.length; start += room) {
    yield [...eventFields.map(() => undefined), ...continued.slice(start, start + room)];
  }
}

/** The column and the number of cells that a cell written by {@link sheetRows} announces. */
export function readContinuation(text: string): { field: EventField; cells: number } | undefined {
  const [, name, cells] = /^(\w+) continues in (\d+) cells:$/.exec(text) ?? [];
  const field = eventFields.find((each) => each === name);
  return field && { field, cells: Number(cells) };
}

/** The rows of all events. */
export async function* allRows(batches: Batches, columns: number, pace: Pace): AsyncGenerator<Cell[]> {
  for await (const batch of batches) {
    for (const event of batch) {
      yield* sheetRows(event, columns);
      if (pace.due) await pace.rest();
    }
  }
}

/** Days since Excel's epoch. */
export function toSerial(time: number): number {
  return time / 86_400_000 + 25_569;
}

const firstTime = Date.UTC(1900, 2, 1); // before, Excel counts a day that never was
const lastTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A moment where Excel can hold it as a date, otherwise the text as it is. */
function timeCell(text: string): Cell {
  const time = readTime(text);
  return time !== undefined && time >= firstTime && time <= lastTime ? time : text;
}
