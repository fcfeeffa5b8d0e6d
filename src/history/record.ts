import { eventFields, fieldText, type ActivityEvent, type EventField, type Json } from '../core/event';

/** What is needed, beside the texts of the documented fields, to make a record again. */
export interface RecordShape {
  /**
   * The order of the fields as letters (`a` = the first of eventFields) where all are documented ones with text values;
   * otherwise the record as JSON, in which '' stands for each documented field's text that is stored by itself.
   */
  readonly shape: string;
  /** Names of fields beyond the documented ones. */
  readonly extras: readonly string[];
}

const letters = new Map<string, string>(eventFields.map((field, index) => [field, String.fromCharCode(97 + index)]));
const fieldsByLetter = new Map([...letters].map(([field, letter]) => [letter, field as EventField]));
const noExtras: readonly string[] = [];

/** The shape of a record; {@link joinRecord} makes the same of it again, order of fields included. */
export function shapeOf(event: ActivityEvent): RecordShape {
  let shape = '';
  for (const name of Object.keys(event)) {
    const letter = letters.get(name);
    if (letter === undefined || !isStoredAlone(event[name])) return mixedShape(event);
    shape += letter;
  }
  return { shape, extras: noExtras };
}

function mixedShape(event: ActivityEvent): RecordShape {
  const rest = Object.entries(event).map(([name, value]) => [
    name,
    letters.has(name) && isStoredAlone(value) ? '' : value,
  ]);
  const extras = Object.keys(event).filter((name) => !letters.has(name));
  return { shape: JSON.stringify(Object.fromEntries(rest)), extras };
}

/** The record of this `shape` with these {@link fieldText}s. */
export function joinRecord(texts: Readonly<Record<EventField, string>>, shape: string): ActivityEvent {
  const record: Record<string, Json> = {};
  if (!shape.startsWith('{')) {
    for (const letter of shape) {
      const field = fieldsByLetter.get(letter);
      if (field) record[field] = texts[field];
    }
    return record;
  }
  const parsed = JSON.parse(shape) as Record<string, Json>;
  for (const field of eventFields)
    if (Object.hasOwn(parsed, field) && parsed[field] === '') parsed[field] = texts[field];
  return parsed;
}

/** {@link fieldText} of an undocumented field of the record with this `shape`. */
export function extraText(shape: string, field: string): string {
  return shape.startsWith('{') ? fieldText(JSON.parse(shape) as ActivityEvent, field) : '';
}

/** Whether SQLite gives the text back as it is: half surrogate pairs have no UTF-8, and node:sqlite ends texts at NUL. */
function isStoredAlone(value: Json | undefined): boolean {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}
