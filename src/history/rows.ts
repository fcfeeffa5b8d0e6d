import { eventFields, type ActivityEvent, type EventField, type EventSummary } from '../core/event';
import type { Names } from './names';
import { canonicalTimestamp } from './preparePage';
import { joinRecord } from './record';
import { noTime, successId } from './schema';
import { namedFields } from './searchSql';

type NamedField = (typeof namedFields)[number];

export interface SummaryRow extends Record<NamedField, number> {
  readonly id: number;
  readonly time: number;
  readonly event_id: string;
  readonly request_id: string;
  readonly uri: string;
  readonly key: string | null;
  readonly timestamp: string | null;
  readonly resource: string | null;
}

export interface RecordRow extends SummaryRow {
  readonly shape: string;
  readonly request_body: string;
  readonly response_body: string;
}

const plainColumns = ['id', 'time', 'event_id', 'request_id', 'uri', 'key', 'timestamp', 'resource'];

/** Of the row `e` of `events`. */
export const summaryColumns = [...plainColumns, ...namedFields].map((column) => `e.${column}`).join();

/** Of the rows `e` of `events` and `b` of `bodies`. */
export const recordColumns = `${summaryColumns}, e.shape, b.request_body, b.response_body`;

export function readSummary(row: SummaryRow, names: Names): EventSummary {
  return {
    key: row.key ?? row.event_id,
    time: row.time === noTime ? undefined : row.time,
    timestamp: row.timestamp ?? canonicalTimestamp(row.time),
    source: names.value(row.source),
    action: names.value(row.action),
    outcome: row.success === successId.yes ? 'success' : row.success === successId.no ? 'failure' : 'unknown',
    method: names.value(row.method),
    uri: row.uri,
    userEmail: names.value(row.user_email),
    userId: names.value(row.user_id),
    userAgent: names.value(row.user_agent),
    requestId: row.request_id,
    resourceId: row.resource ?? undefined,
  };
}

export function readRecord(row: RecordRow, names: Names): ActivityEvent {
  const texts = Object.fromEntries(eventFields.map((field) => [field, readText(row, field, names)]));
  return joinRecord(texts as Record<EventField, string>, row.shape);
}

function readText(row: RecordRow, field: EventField, names: Names): string {
  if (field === 'timestamp') return row.timestamp ?? canonicalTimestamp(row.time);
  const value = row[field];
  return typeof value === 'number' ? names.value(value) : value;
}
