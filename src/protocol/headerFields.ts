import type { EventSummary } from '../core/event/event';

const read = {
  action: ({ action }) => action,
  timestamp: ({ timestamp }) => timestamp,
  source: ({ source }) => source,
  user: ({ userEmail, userId }) => userEmail || userId,
  user_agent: ({ userAgent }) => userAgent,
  request_id: ({ requestId }) => requestId,
  event_id: ({ eventId }) => eventId,
  method: ({ method }) => method,
  uri: ({ uri }) => uri,
} satisfies Record<string, (event: EventSummary) => string>;

/** A field of the panel's header; each can be copied. */
export type HeaderField = keyof typeof read;

export const headerFields = Object.keys(read) as readonly HeaderField[];

/** The whole field; '' where the record has none. */
export function headerText(event: EventSummary, field: HeaderField): string {
  return read[field](event);
}
