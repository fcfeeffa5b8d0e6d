import { fieldText, type ActivityEvent } from './event';

/** The resources that an event names. */
export interface Resources {
  /** The resource the call was about: an id from the path, or for a creation the new id from the answer. */
  readonly primary: string | undefined;
  /** All ids that path and bodies name as resources, `primary` first, none twice. */
  readonly all: readonly string[];
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function resourceOf(event: ActivityEvent): Resources {
  const ids = fieldText(event, 'uri')
    .split(/[/?#]/)
    .filter((segment) => uuid.test(segment));
  const created = /^\s*\{\s*"\w+"\s*:\s*\{[^{}]*?"id"\s*:\s*"([^"]+)"/.exec(fieldText(event, 'response_body'))?.[1];
  const primary = ids[0] ?? created;
  return { primary, all: [...new Set([primary, ...ids].filter((id) => id !== undefined))] };
}
