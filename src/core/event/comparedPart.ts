import { isBinary, type BodyPart } from './body';
import { fieldText, type ActivityEvent } from './event';

/** What events are compared by: what was sent where any of them sent something, else what came back; undefined where nothing did. */
export function comparedPart(events: readonly ActivityEvent[]): 'request' | 'response' | undefined {
  return (['request', 'response'] as const).find((part) => events.some((event) => hasContent(event, part)));
}

/** Whether a part says anything: more than brackets and space, and not only that binary data was left out. */
export function hasContent(event: ActivityEvent, part: BodyPart): boolean {
  if (part === 'event') return true;
  const text = fieldText(event, `${part}_body`);
  return !isBinary(text) && /[^\s{}[\]]/.test(text);
}
