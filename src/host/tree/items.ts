import { outcomeText } from '../ui/outcomeText';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, type MarkdownString } from 'vscode';
import { agentKind } from '../../core/event/agent';
import { dayRange, formatMoment, timeOf } from '../../core/time/days';
import { type EventSummary, type Outcome } from '../../core/event/event';
import type { FieldChange } from '../../core/event/fieldChanges';
import type { Range } from '../../core/time/range';
import { redactUri } from '../../core/redact/redact';
import { visibleText } from '../../core/base/visibleText';
import type { KnownResources } from '../code/knownResources';
import { outsideText, outsideUri } from '../code/outsideDecoration';
import { setting } from '../ui/settings';
import { countText } from '../ui/countText';
import { timeText, gapTimes, weekday } from '../ui/timeText';
import { translate } from '../ui/translate';
import { joinMarkdown, markdown } from '../ui/markdown';
import type {
  BlockNode,
  ComponentNode,
  DayNode,
  EventNode,
  GapNode,
  GapsNode,
  GroupNode,
  HourNode,
  MoreNode,
  Node,
} from './nodes';
import { partText, totalText } from './rowTexts';

/** How each kind of row looks. */
const looks: { readonly [K in Exclude<Node['kind'], 'event'>]: (node: Extract<Node, { kind: K }>) => TreeItem } = {
  block: blockItem,
  component: componentItem,
  day: dayItem,
  hour: hourItem,
  more: moreItem,
  gap: gapItem,
  gaps: gapsItem,
};

/** Milliseconds of work before others get their turn. */
const portion = 8;

/** Makes the rows' looks; those of events, of which there are many, once. */
export class TreeItems {
  readonly #events = new WeakMap<EventNode, TreeItem>();

  constructor(private readonly known: KnownResources) {}

  /** Makes them in portions that hold nobody up: VS Code asks for all at once. */
  async prepare(nodes: readonly Node[]): Promise<void> {
    await this.known.learn(nodes.map((node) => (node.kind === 'event' ? node.summary.resourceId : undefined)));
    let began = performance.now();
    for (const node of nodes) {
      if (node.kind === 'event') this.of(node, false);
      if (performance.now() - began < portion) continue;
      await nextTurn();
      began = performance.now();
    }
  }

  of(node: Node, expanded: boolean): TreeItem {
    if (node.kind === 'event') {
      let item = this.#events.get(node);
      if (!item) this.#events.set(node, (item = eventItem(node, this.known)));
      return item;
    }
    const item = looks[node.kind](node as never);
    if (expanded && item.collapsibleState === TreeItemCollapsibleState.Collapsed) {
      item.collapsibleState = TreeItemCollapsibleState.Expanded;
    }
    return item;
  }
}

const outcomeIcons: Record<Outcome, ThemeIcon> = {
  success: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  failure: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
  unknown: new ThemeIcon('question'),
};

function componentItem(node: ComponentNode): TreeItem {
  const label = node.source === '' ? l10n.t('(no source)') : visibleText(node.source);
  const span = node.day === undefined || node.day === 'none' ? undefined : dayRange(node.day, setting('timeZone'));
  return groupItem(node, label, [], span, 'symbol-namespace');
}

function dayItem(node: DayNode): TreeItem {
  if (node.day === 'none') return groupItem(node, l10n.t('(no date)'), [], undefined, 'calendar');
  return groupItem(node, node.day, [weekday(node.day)], dayRange(node.day, setting('timeZone')), 'calendar');
}

function blockItem(node: BlockNode): TreeItem {
  return groupItem(node, visibleText(node.name), [], undefined, 'symbol-class');
}

function hourItem(node: HourNode): TreeItem {
  return groupItem(node, node.label, [], node.range, 'watch');
}

function groupItem(
  node: GroupNode,
  label: string,
  texts: readonly string[],
  span: Range | undefined,
  icon: string,
): TreeItem {
  const item = new TreeItem(label, TreeItemCollapsibleState.Collapsed);
  const part = span ? partText(node, span) : '';
  item.description = [...texts, totalText(node), part].filter((text) => text !== '').join(', ');
  item.contextValue = node.kind;
  item.iconPath = new ThemeIcon(icon);
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}

function eventItem(node: EventNode, known: KnownResources): TreeItem {
  const { summary } = node;
  const isOutside = known.isOutside(summary);
  const label = visibleText(summary.action) || l10n.t('(no action)');
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  const address = known.of(summary.resourceId)?.address;
  const call = `${visibleText(summary.method, 20)} ${uriText(summary, address)}`;
  // The row of a block names no day.
  const parts =
    node.parent.kind === 'block'
      ? [changesText(node.changes ?? []) || call, timeText(summary), user(summary), agentName(summary)]
      : [clock(summary), user(summary), call];
  item.description = parts.filter((part) => part.trim() !== '').join('  ');
  item.iconPath = outcomeIcons[summary.outcome];
  item.contextValue = summary.resourceId === undefined ? 'event' : 'event resource';
  item.command = {
    command: 'activityLog.openEvent',
    title: l10n.t('Open Event'),
    arguments: [{ eventId: summary.key, row: true }],
  };
  if (isOutside && node.parent.kind !== 'block') item.resourceUri = outsideUri;
  const words = [label, outcomeText(summary.outcome), ...parts, isOutside ? outsideText() : ''];
  item.accessibilityInformation = { label: words.filter((word) => word !== '').join(', ') };
  return item;
}

function agentName({ userAgent }: EventSummary): string {
  return visibleText(agentKind(userAgent).name, 40);
}

/** `name: "web-1" → "web-2", size → 2` */
function changesText(changes: readonly FieldChange[]): string {
  return visibleText(
    changes
      .map(({ path, before, after }) =>
        before !== undefined ? `${path}: ${before} → ${after}` : after === 'null' ? path : `${path} → ${after}`,
      )
      .join(', '),
  );
}

function moreItem(node: MoreNode): TreeItem {
  const item = new TreeItem(l10n.t('Show more'), TreeItemCollapsibleState.None);
  item.description = l10n.t('{0} more events', countText(node.rest));
  item.iconPath = new ThemeIcon('ellipsis');
  item.command = { command: 'activityLog.showMore', title: l10n.t('Show more'), arguments: [node] };
  return item;
}

function gapItem({ range, reason, streams }: GapNode): TreeItem {
  const times = gapTimes(range);
  const names = streams.map((stream) => visibleText(stream)).join(', ');
  const label = names === '' ? l10n.t('Missing: {0}', times) : l10n.t('Missing of {0}: {1}', names, times);
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.description = translate(reason);
  item.tooltip = `${label}\n${translate(reason)}`;
  item.contextValue = 'gap';
  item.iconPath = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  item.command = { command: 'activityLog.retryGap', title: l10n.t('Retry'), arguments: [{ kind: 'gap' }] };
  item.accessibilityInformation = { label: `${label}. ${translate(reason)}. ${l10n.t('Retry')}` };
  return item;
}

function gapsItem({ gaps }: GapsNode): TreeItem {
  const label = l10n.t('{0} parts are missing', countText(gaps.length));
  const item = new TreeItem(label, TreeItemCollapsibleState.Collapsed);
  const newest = gaps[0] && `${gapTimes(gaps[0].range)}: ${translate(gaps[0].reason)}`;
  if (newest !== undefined) item.description = newest;
  item.contextValue = 'gap';
  item.iconPath = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  item.accessibilityInformation = { label: newest === undefined ? label : `${label}. ${newest}` };
  return item;
}

/** The tooltip of an event, made when it is asked for. */
export function eventTooltip(summary: EventSummary, known: KnownResources): MarkdownString {
  const action = visibleText(summary.action).trim() || l10n.t('(no action)');
  const texts = [markdown`**${action}** — ${outcomeText(summary.outcome)}\n\n`];
  const line = (name: string, value: string): void => {
    if (value !== '') texts.push(markdown`**${name}:** ${visibleText(value)}  \n`);
  };
  const agent = agentKind(summary.userAgent);
  line(l10n.t('Time'), moment(summary));
  line(l10n.t('Component'), summary.source);
  line(l10n.t('User'), [summary.userEmail, summary.userId].filter((part) => part !== '').join(' '));
  line(l10n.t('Request'), `${summary.method} ${redacted(summary.uri)}`);
  if (summary.userAgent !== '') line(l10n.t('Agent (a guess)'), `${agent.name} — ${summary.userAgent}`);
  line(l10n.t('Resource'), known.of(summary.resourceId)?.address ?? '');
  if (known.isOutside(summary)) texts.push(markdown`${outsideText()}  \n`);
  line(l10n.t('Request id'), summary.requestId);
  line(l10n.t('Event id'), summary.key);
  return joinMarkdown(texts);
}

function moment(summary: EventSummary): string {
  if (summary.time === undefined) return summary.timestamp || l10n.t('(no date)');
  const zone = setting('timeZone');
  return `${formatMoment(summary.time, zone)} ${zone === 'utc' ? 'UTC' : ''} (${summary.timestamp})`;
}

function clock(summary: EventSummary): string {
  return summary.time === undefined ? visibleText(summary.timestamp, 40) : timeOf(summary.time, setting('timeZone'));
}

function user(summary: EventSummary): string {
  return visibleText(summary.userEmail, 80) || visibleText(summary.userId.slice(0, 8), 80);
}

/** The URI for a line of text, with the resource's address in place of its id; secrets masked where the setting says so. */
export function uriText({ uri, resourceId }: EventSummary, address?: string): string {
  const text = redacted(uri);
  if (address === undefined || resourceId === undefined) return visibleText(text);
  const at = text.toLowerCase().indexOf(resourceId.toLowerCase());
  return visibleText(
    at < 0 ? `${text} → ${address}` : `${text.slice(0, at)}${address}${text.slice(at + resourceId.length)}`,
  );
}

function redacted(text: string): string {
  return setting('redactSecrets') ? redactUri(text) : text;
}
