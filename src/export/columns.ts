import { fieldText, type ActivityEvent, type EventField } from '../core/event/event';

/** The text of a column; undefined where the record lacks the field or holds null, which tables tell from an empty text. */
export function columnText(event: ActivityEvent, field: EventField): string | undefined {
  return Object.hasOwn(event, field) && event[field] !== null ? fieldText(event, field) : undefined;
}
