import { clockTexts } from '../ui/timeText';
import { countText } from '../ui/countText';
import { l10n } from 'vscode';
import type { Range } from '../../core/time/range';
import type { GroupNode } from './nodes';

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
