import { toJson, type Json } from '../json/json';
import type { ActivityEvent, EventSummary } from './event';
import { isSecretName } from '../redact/secretNames';
import { noteValues, type SecretValues } from '../redact/secretValues';
import { findNamed, join, maskSecrets, redactText, type Secret } from '../redact/redact';

/** The values that the record's fields call secret; of long fields only the beginning is searched. */
export function secretsOf(event: ActivityEvent): SecretValues {
  const values: SecretValues = new Map();
  for (const [field, value] of Object.entries(event)) {
    const text = textOf(field, value).slice(0, maxSearched);
    noteValues(text, findInField(field, value, text), values);
  }
  return values;
}

/** UTF-16 units. */
const maxSearched = 256 * 1024;

/** The record with every secret masked; the same object where it holds none. */
export function redactEvent(event: ActivityEvent): ActivityEvent {
  const known: SecretValues = new Map();
  const fields = Object.entries(event).map(([field, value]) => {
    const text = textOf(field, value);
    const found = findInField(field, value, text);
    noteValues(text, found, known);
    return { field, value, text, found };
  });
  let redacted: Record<string, Json> | undefined;
  for (const { field, value, text, found } of fields) {
    const secrets = join(text, found, known);
    if (secrets.length === 0) continue;
    const safe = maskSecrets(text, secrets).text;
    redacted ??= { ...event };
    redacted[field] = typeof value === 'string' ? safe : ((JSON.parse(safe) as ActivityEvent)[field] as Json);
  }
  return redacted ?? event;
}

const shownFields = [
  'eventId',
  'timestamp',
  'source',
  'action',
  'method',
  'uri',
  'userEmail',
  'userId',
  'userAgent',
  'requestId',
] as const satisfies readonly (keyof EventSummary)[];

/** The summary of `event` with every secret in its texts masked, those too that only another field tells. */
export function redactSummary(summary: EventSummary, event: ActivityEvent): EventSummary {
  const known = secretsOf(event);
  return { ...summary, ...Object.fromEntries(shownFields.map((field) => [field, redactText(summary[field], known)])) };
}

/** A field as text to be searched: strings as they are, other values as JSON that names the field. */
function textOf(field: string, value: Json): string {
  return typeof value === 'string' ? value : toJson({ [field]: value });
}

function findInField(field: string, value: Json, text: string): Secret[] {
  if (typeof value !== 'string' || !isSecretName(field)) return findNamed(text);
  return text === '' ? [] : [{ start: 0, end: text.length, path: field }];
}
