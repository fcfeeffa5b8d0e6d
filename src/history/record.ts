import { eventFields, fieldText, type ActivityEvent, type EventField, type Json } from '../core/event';

/** The documented fields as text, and what else is needed to make the record again. */
export interface SplitRecord {
  /** {@link fieldText} of every documented field. */
  readonly texts: Readonly<Record<EventField, string>>;
  /**
   * The order of the fields as letters (`a` = the first of eventFields) where all are documented ones with text values;
   * otherwise the record as JSON, in which '' stands for each text that `texts` holds.
   */
  readonly shape: string;
  /** Names of fields beyond the documented ones. */
  readonly extras: readonly string[];
}

const letters = new Map<string, string>(eventFields.map((field, index) => [field, String.fromCharCode(97 + index)]));
const fieldsByLetter = new Map<string, EventField>(
  eventFields.map((field, index) => [String.fromCharCode(97 + index), field]),
);
const noTexts: Readonly<Record<EventField, string>> = Object.fromEntries(
  eventFields.map((field) => [field, '']),
) as Record<EventField, string>;
const noExtras: readonly string[] = [];

/** Takes a record apart for storing; {@link joinRecord} makes the same again, order of fields included. */
export function splitRecord(event: ActivityEvent): SplitRecord {
  const texts: Record<string, string> = { ...noTexts };
  let shape = '';
  let plain = true;
  for (const name of Object.keys(event)) {
    const letter = letters.get(name);
    const value = event[name];
    if (letter === undefined) {
      plain = false;
    } else if (typeof value === 'string') {
      texts[name] = value;
      shape += letter;
      plain &&= isStorable(value);
    } else {
      texts[name] = fieldText(event, name);
      plain = false;
    }
  }
  const split = texts as Record<EventField, string>;
  if (plain) return { texts: split, shape, extras: noExtras };
  const rest = Object.entries(event).map(([name, value]) => [name, isInTexts(name, value) ? '' : value]);
  const extras = Object.keys(event).filter((name) => !letters.has(name));
  return { texts: split, shape: JSON.stringify(Object.fromEntries(rest)), extras };
}

/** The record that {@link splitRecord} took apart. */
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

function isInTexts(name: string, value: Json): boolean {
  return letters.has(name) && typeof value === 'string' && isStorable(value);
}

const unstorable = /[\p{Surrogate}\0]/u;

/** Whether SQLite gives the text back as it is: half surrogate pairs have no UTF-8, and node:sqlite ends texts at NUL. */
function isStorable(text: string): boolean {
  return !unstorable.test(text);
}
