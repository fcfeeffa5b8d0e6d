import { UserError } from '../../core/base/errors';
import { eventFields } from '../../core/event/event';
import { message } from '../../core/base/message';
import { decodeFile } from './decodeFile';
import { unguardFormula } from '../write/delimited';
import { DelimitedRows, type DelimitedCell } from './delimitedRows';
import { JsonItems } from './jsonItems';

/** One thing of a file that stands where a record belongs, as JSON text or, where it is none, as it stands there. */
export type LogItems = AsyncIterable<string>;

/** The records of answers, lists and single objects, as written. */
export async function* readJsonItems(path: string, signal: AbortSignal): LogItems {
  const items = new JsonItems();
  for await (const chunk of decodeFile(path, signal)) yield* items.push(chunk);
  const rest = items.finish();
  if (rest !== undefined) yield rest;
}

/** UTF-16 units of a line. */
const maxLine = 128 * 1024 * 1024;

/** The lines that hold something. A damaged line does not touch the next. */
export async function* readLines(path: string, signal: AbortSignal): LogItems {
  let earlier = '';
  for await (const chunk of decodeFile(path, signal)) {
    const [first = '', ...lines] = chunk.split('\n');
    earlier += first;
    if (earlier.length > maxLine)
      throw new UserError(message('The file holds a record of over {0} million characters.', 128));
    for (const line of lines) {
      if (earlier.trim() !== '') yield earlier.trim();
      earlier = line;
    }
  }
  if (earlier.trim() !== '') yield earlier.trim();
}

/** The rows of csv or tsv as records, by the names in the first row. */
export async function* readDelimitedItems(path: string, delimiter: string, signal: AbortSignal): LogItems {
  const rows = new DelimitedRows(delimiter);
  let names: readonly string[] | undefined;
  for await (const chunk of decodeFile(path, signal)) yield* toItems(rows.push(chunk));
  yield* toItems(rows.finish());

  function* toItems(read: Iterable<{ cells: readonly DelimitedCell[]; broken: boolean }>): Generator<string> {
    for (const { cells, broken } of read) {
      if (!names) names = readHeader(cells);
      else if (broken || cells.length > names.length) yield cells.map((cell) => cell ?? '').join(delimiter);
      else
        yield toRecord(
          names,
          cells.map((cell) => cell && unguardFormula(cell)),
        );
    }
  }
}

/** A record from the cells of a row; cells without content are fields it does not have. */
function toRecord(names: readonly string[], cells: readonly (string | undefined)[]): string {
  const fields = names.flatMap((name, index) => {
    const cell = cells[index];
    return cell === undefined || name === '' ? [] : [[name, cell] as const];
  });
  return JSON.stringify(Object.fromEntries(fields));
}

/** The column names of a table of events. @throws UserError where they are not those of events */
export function readHeader(cells: readonly (string | undefined)[]): readonly string[] {
  const names = cells.map((cell) => cell?.trim() ?? '');
  if (isHeader(names)) return names;
  throw new UserError(
    message(
      'The first row does not name the columns of an activity log ({0}, ...).',
      eventFields.slice(0, 4).join(', '),
    ),
  );
}

/** Two known names are no accident; a single column may be anything. */
export function isHeader(names: readonly string[]): boolean {
  return eventFields.filter((field) => names.includes(field)).length >= 2;
}
