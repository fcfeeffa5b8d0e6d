import { env, l10n } from 'vscode';
import { dayOf, formatMoment, timeOf, type Zone } from '../../core/time/days';
import type { Range } from '../../core/time/range';
import { setting } from '../ui/settings';
import type { GroupNode } from './nodes';

const minute = 60_000;

/** A number with the digit groups of the editor's language. */
export function countText(value: number): string {
  return value.toLocaleString(env.language);
}

/** How many events a row stands for, and that they are what is loaded where more may be missing. */
export function totalText({ events, failures, presence }: GroupNode): string {
  const count = countText(events);
  const text = presence.incomplete
    ? events === 1
      ? l10n.t('1 event loaded')
      : l10n.t('{0} events loaded', count)
    : events === 1
      ? l10n.t('1 event')
      : l10n.t('{0} events', count);
  return failures === 0 ? text : l10n.t('{0}, {1} failed', text, countText(failures));
}

/** Which part of a day or hour is there; '' = all of it. */
export function partText({ presence: { parts } }: GroupNode, span: Range): string {
  if (!parts) return '';
  const [part, ...others] = parts;
  if (!part || others.length > 0) return l10n.t('incomplete');
  const [from, to] = clockTexts(part, span);
  if (part.to === span.to) return l10n.t('from {0}', from);
  if (part.from === span.from) return l10n.t('until {0}', to);
  return l10n.t('{0} to {1}', from, to);
}

/** Times of a day, to the minute where that is exact enough to tell them apart. */
export function clockTexts({ from, to }: Range, span: Range): readonly [from: string, to: string] {
  const zone = setting('timeZone');
  const length = to - from < 2 * minute ? 8 : 5;
  return [
    timeOf(from, zone).slice(0, length),
    to === span.to ? endOf(to, zone, length) : timeOf(to, zone).slice(0, length),
  ];
}

/** The end of a day is 24:00, not 00:00. */
function endOf(time: number, zone: Zone, length: number): string {
  const text = timeOf(time, zone);
  return (text === '00:00:00' ? '24:00:00' : text).slice(0, length);
}

/** From when to when, the day said once where it is the same. */
export function gapTimes({ from, to }: Range): string {
  const zone = setting('timeZone');
  const end = dayOf(from, zone) === dayOf(to, zone) ? timeOf(to, zone) : formatMoment(to, zone);
  return `${formatMoment(from, zone)} – ${end}`;
}

export function weekday(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(env.language, { weekday: 'long', timeZone: 'UTC' });
}
