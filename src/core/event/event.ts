import { toJson, type Json } from '../json/json';
import { message, type Message } from '../base/message';

/** A record of the log exactly as received: the API's own field names and values, unknown fields included. */
export type ActivityEvent = { readonly [field: string]: Json };

/** The documented fields of a record, in the order of the export columns. */
export const eventFields = [
  'timestamp',
  'source',
  'action',
  'success',
  'method',
  'uri',
  'user_email',
  'user_id',
  'user_agent',
  'request_id',
  'event_id',
  'request_body',
  'response_body',
] as const;

export type EventField = (typeof eventFields)[number];

/** `unknown` where `success` is neither "yes" nor "no": never guessed. */
export type Outcome = 'success' | 'failure' | 'unknown';

/** The outcomes in words. */
export const outcomeTexts: Readonly<Record<Outcome, Message>> = {
  success: message('succeeded'),
  failure: message('failed'),
  unknown: message('outcome not stated'),
};

/** What a list shows of an event: everything but the bodies. Texts are '' where the record has none. */
export interface EventSummary {
  /** Identity in its history: `event_id`, or a stable one derived from the record where that is missing or taken. */
  readonly key: string;
  /** As received: '' where the record has none. */
  readonly eventId: string;
  /** UTC milliseconds; undefined where the timestamp cannot be read. */
  readonly time: number | undefined;
  /** As received. */
  readonly timestamp: string;
  readonly source: string;
  readonly action: string;
  readonly outcome: Outcome;
  readonly method: string;
  readonly uri: string;
  readonly userEmail: string;
  readonly userId: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** The id of the resource the call was about, where uri or bodies name one. */
  readonly resourceId: string | undefined;
}

/** The field as text: strings as they are, other JSON as JSON, missing and null as ''. */
export function fieldText(event: ActivityEvent, field: string): string {
  const value = Object.hasOwn(event, field) ? event[field] : undefined;
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : toJson(value);
}

/** The outcome that `success` states. */
export function outcomeOf(event: ActivityEvent): Outcome {
  const value = fieldText(event, 'success');
  return value === 'yes' ? 'success' : value === 'no' ? 'failure' : 'unknown';
}

/** The components whose history the log records [spec], in the order of the documentation. */
export const documentedComponents = ['nova', 'cinder', 'karbor', 'neutron', 'glance', 'octavia'] as const;
