import { outcomeOf, type ActivityEvent, type EventSummary } from '../core/event';
import type { Kinds } from './kinds';
import { canonicalTimestamp } from './preparePage';
import { joinRecord } from './record';
import { noTime } from './schema';

export interface SummaryRow {
  readonly id: number;
  readonly time: number;
  readonly kind: number;
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

/** Of the row `e` of `events`. */
export const summaryColumns = 'e.id, e.time, e.kind, e.event_id, e.request_id, e.uri, e.key, e.timestamp, e.resource';

/** Of the rows `e` of `events` and `b` of `bodies`. */
export const recordColumns = `${summaryColumns}, e.shape, b.request_body, b.response_body`;

export function readSummary(row: SummaryRow, kinds: Kinds): EventSummary {
  const kind = kinds.get(row.kind);
  return {
    key: row.key ?? row.event_id,
    eventId: row.event_id,
    time: row.time === noTime ? undefined : row.time,
    timestamp: row.timestamp ?? canonicalTimestamp(row.time),
    source: kind.source,
    action: kind.action,
    outcome: outcomeOf(kind),
    method: kind.method,
    uri: row.uri,
    userEmail: kind.user_email,
    userId: kind.user_id,
    userAgent: kind.user_agent,
    requestId: row.request_id,
    resourceId: row.resource ?? undefined,
  };
}

export function readRecord(row: RecordRow, kinds: Kinds): ActivityEvent {
  const timestamp = row.timestamp ?? canonicalTimestamp(row.time);
  return joinRecord({ ...row, ...kinds.get(row.kind), timestamp }, row.shape);
}
