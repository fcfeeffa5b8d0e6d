import { agentKind } from '../../core/event/agent';
import { fitBody, presentBodyUpTo } from '../../core/event/body';
import type { Zone } from '../../core/time/days';
import { headerFields, headerText, type HeaderField } from '../../protocol/headerFields';
import { bodyLimits, type FirstBody } from '../../protocol/panel';
import type { PanelAnswer, PanelQuestion } from '../history';
import type { FoundEvent, Reader } from './reader';
import { shownSummary, toNeighbour } from './shownEvent';

/** A header's field is cut here on its way to the page. */
const maxField = 4_000;

/** All that a panel shows of an event at first; undefined where there is no such event. */
export function readPanelEvent(reader: Reader, question: PanelQuestion): PanelAnswer | undefined {
  const { key, focused, shown } = question;
  const found = reader.find(key);
  if (!found) return undefined;
  const summary = shownSummary(found, shown);
  const { sentence, failure } = reader.story(found);
  const { previous, next } = reader.around(found, focused, 1);
  const fields = headerFields.map((field) => {
    const text = headerText(summary, field);
    return [field, text.length > maxField ? `${text.slice(0, maxField)}…` : text] as const;
  });
  return {
    event: {
      ...toNeighbour(summary, shown),
      fields: Object.fromEntries(fields) as Record<HeaderField, string>,
      zone: summary.time === undefined ? '' : zoneName(summary.time, shown.zone),
      agent: agentKind(summary.userAgent),
      resourceId: focused ?? summary.resourceId,
      sentence,
      failure,
      previous: previous[0] && toNeighbour(previous[0], shown),
      next: next[0] && toNeighbour(next[0], shown),
    },
    first: firstBody(found, question),
  };
}

/** Undefined where the body is large. */
function firstBody({ record }: FoundEvent, { first, shown: { redact } }: PanelQuestion): FirstBody | undefined {
  if (!first) return undefined;
  const { part, pretty } = first;
  const body = presentBodyUpTo(record, part, { pretty, redact }, bodyLimits.beginning);
  return body.kind === 'tooLarge' ? undefined : { part, pretty, body: fitBody(body, redact) };
}

/** "UTC", "UTC+03:00": the zone in force at `time`. */
function zoneName(time: number, zone: Zone): string {
  const minutes = zone === 'utc' ? 0 : -new Date(time).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
