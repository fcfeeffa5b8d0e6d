import { l10n, type TreeItem } from 'vscode';
import { dayRange } from '../../core/time/days';
import type { Missing } from '../../core/time/missing';
import { intersect } from '../../core/time/ranges';
import type { KnownResources } from '../code/knownResources';
import { setting } from '../ui/settings';
import { translate } from '../ui/translate';
import { eventTooltip } from './items';
import type { GroupNode, Node } from './nodes';
import { clockTexts, gapTimes } from '../ui/timeText';

const shownAtMost = 10;

/** Adds the tooltip, made when it is asked for: what an event is, which part of a day is there and why not all. */
export function addTooltip(item: TreeItem, node: Node, missing: readonly Missing[], known: KnownResources): TreeItem {
  if (node.kind === 'event') item.tooltip = eventTooltip(node.summary, known);
  else if (node.kind === 'component' || node.kind === 'day' || node.kind === 'hour') {
    item.tooltip = groupTooltip(item, node, missing);
  }
  return item;
}

function groupTooltip(item: TreeItem, node: GroupNode, missing: readonly Missing[]): string {
  const lines = [item.accessibilityInformation?.label ?? ''];
  const span = spanOf(node);
  const { parts } = node.presence;
  if (span && parts && parts.length > 0) {
    const texts = parts.slice(0, shownAtMost).map((part) => clockTexts(part, span).join(' – '));
    lines.push(l10n.t('Loaded: {0}', [...texts, ...(parts.length > shownAtMost ? ['…'] : [])].join(', ')));
  }
  const found = missing.flatMap(({ stream, range, reason }) => {
    const part = span ? intersect(range, span) : range;
    const concerns = node.source === undefined || stream === '' || stream === node.source;
    return part && concerns ? [`${l10n.t('Missing: {0}', gapTimes(part))}. ${translate(reason)}`] : [];
  });
  const unique = [...new Set(found)];
  lines.push(...unique.slice(0, shownAtMost));
  if (unique.length > shownAtMost) lines.push('…');
  return lines.join('\n');
}

function spanOf(node: GroupNode) {
  if (node.kind === 'hour') return node.range;
  return node.day === undefined || node.day === 'none' ? undefined : dayRange(node.day, setting('timeZone'));
}
