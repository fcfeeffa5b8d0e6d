import { toJson, type Json } from '../json/json';
import { redactEvent } from './redactEvent';
import { fieldText, type ActivityEvent } from './event';

/** A value that a call set, and the one that was known before. Both as JSON, cut to a length fit for a line. */
export interface FieldChange {
  /** `name`, `metadata.env`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** Longer bodies (UTF-16 units) are not taken apart. */
const maxBody = 256 * 1024;
const maxValue = 60;
const maxFields = 50;
const deepest = 6;

/**
 * The values that the request of an event set, without those that were the same before; of an action all, since it is done again. What was before is looked for in the bodies of
 * `earlier` events of the resource, the newest first. Secrets are masked, so a secret that another one replaced is not told.
 */
export function fieldChanges(event: ActivityEvent, earlier: readonly ActivityEvent[]): FieldChange[] {
  const sent = fieldsOf(redactEvent(event), 'request_body');
  if (sent.size === 0) return [];
  const known = new Map<string, string>();
  for (const each of earlier) {
    const safe = redactEvent(each);
    for (const body of ['response_body', 'request_body'] as const) {
      for (const [path, value] of fieldsOf(safe, body)) if (!known.has(path)) known.set(path, value);
    }
  }
  return [...sent]
    .map(([path, after]) => ({ path, before: known.get(path), after }))
    .filter(({ before, after }) => before !== after || isAction(event))
    .map(({ path, before, after }) => ({
      path,
      before: before === undefined || before === after ? undefined : cut(before),
      after: cut(after),
    }));
}

/** The plain values and lists of a body by their path. The name of the resource that wraps all others is left out. */
function fieldsOf(event: ActivityEvent, body: 'request_body' | 'response_body'): Map<string, string> {
  const fields = new Map<string, string>();
  const text = fieldText(event, body);
  if (text.length > maxBody || !/^\s*\{/.test(text)) return fields;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return fields;
  }
  const inner = isObject(value) ? Object.values(value) : [];
  // The name of an action says what is done, that of a resource only what it is.
  add(fields, '', !isAction(event) && inner.length === 1 && isObject(inner[0]) ? inner[0] : value, 0);
  return fields;
}

function isAction(event: ActivityEvent): boolean {
  return /\/action\/?(?:\?|$)/.test(fieldText(event, 'uri'));
}

function add(fields: Map<string, string>, path: string, value: Json | undefined, depth: number): void {
  if (fields.size >= maxFields || value === undefined) return;
  if (!isObject(value) || depth >= deepest) {
    if (path !== '') fields.set(path, toJson(value));
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0 && path !== '') fields.set(path, '{}');
  for (const [name, item] of entries) add(fields, path === '' ? name : `${path}.${name}`, item, depth + 1);
}

function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cut(text: string): string {
  return text.length > maxValue ? `${text.slice(0, maxValue)}…` : text;
}
