import { l10n } from 'vscode';
import { formatMoment, type Preset } from '../../core/time/days';
import type { RangeChoice } from './choices';
import { setting } from '../ui/settings';

/** A chosen range in words. */
export function rangeText(range: RangeChoice): string {
  if ('preset' in range) return presetText(range.preset);
  if ('since' in range) return l10n.t('since {0}', formatMoment(range.since, setting('timeZone')));
  const zone = setting('timeZone');
  return `${formatMoment(range.from, zone)} – ${formatMoment(range.to, zone)}${zone === 'utc' ? ' UTC' : ''}`;
}

export function presetText(preset: Preset): string {
  return {
    '1h': l10n.t('last hour'),
    '24h': l10n.t('last 24 hours'),
    '7d': l10n.t('last 7 days'),
    '30d': l10n.t('last 30 days'),
    '90d': l10n.t('last 90 days'),
  }[preset];
}
