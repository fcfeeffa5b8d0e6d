import { l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, env } from 'vscode';
import { agentKind } from '../../core/agent';
import { formatMoment, timeOf } from '../../core/days';
import type { EventSummary, Outcome } from '../../core/event';
import { redactUri } from '../../core/redact';
import { visibleText } from '../../core/visibleText';
import { setting } from '../settings';
import { translate } from '../translate';
import type { ComponentNode, DayNode, EventNode, GapNode, MoreNode, Node } from './nodes';

/** How each kind of row looks. */
const looks: { readonly [K in Node['kind']]: (node: Extract<Node, { kind: K }>) => TreeItem } = {
  component: componentItem,
  day: dayItem,
  event: eventItem,
  more: moreItem,
  gap: gapItem,
};

export function treeItem(node: Node): TreeItem {
  const item = looks[node.kind](node as never);
  item.id = node.id;
  return item;
}

const outcomeIcons: Record<Outcome, ThemeIcon> = {
  success: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  failure: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
  unknown: new ThemeIcon('question'),
};

/** The outcome in words. */
export function outcomeText(outcome: Outcome): string {
  return { success: l10n.t('succeeded'), failure: l10n.t('failed'), unknown: l10n.t('outcome not stated') }[outcome];
}

/** A number with the digit groups of the editor's language. */
export function countText(value: number): string {
  return value.toLocaleString(env.language);
}

function componentItem(node: ComponentNode): TreeItem {
  const label = node.source === '' ? l10n.t('(no source)') : visibleText(node.source);
  const item = new TreeItem(label, TreeItemCollapsibleState.Collapsed);
  item.description = totalText(node);
  item.contextValue = 'component';
  item.iconPath = new ThemeIcon('symbol-namespace');
  item.accessibilityInformation = { label: `${label}, ${totalText(node)}` };
  return item;
}

function dayItem(node: DayNode): TreeItem {
  const label = node.day === 'none' ? l10n.t('(no date)') : node.day;
  const item = new TreeItem(label, TreeItemCollapsibleState.Collapsed);
  item.description = node.day === 'none' ? totalText(node) : `${weekday(node.day)}, ${totalText(node)}`;
  item.contextValue = 'day';
  item.iconPath = new ThemeIcon('calendar');
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}

function eventItem(node: EventNode): TreeItem {
  const { summary } = node;
  const label = visibleText(summary.action) || l10n.t('(no action)');
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  const parts = [clock(summary), user(summary), `${visibleText(summary.method, 20)} ${uriText(summary)}`];
  item.description = parts.filter((part) => part.trim() !== '').join('  ');
  item.iconPath = outcomeIcons[summary.outcome];
  item.contextValue = summary.resourceId === undefined ? 'event' : 'event resource';
  item.command = {
    command: 'activityLog.openEvent',
    title: l10n.t('Open Event'),
    arguments: [{ eventId: summary.key }],
  };
  item.accessibilityInformation = { label: [label, outcomeText(summary.outcome), ...parts].join(', ') };
  return item;
}

function moreItem(node: MoreNode): TreeItem {
  const item = new TreeItem(l10n.t('Show more'), TreeItemCollapsibleState.None);
  item.description = l10n.t('{0} more events', countText(node.rest));
  item.iconPath = new ThemeIcon('ellipsis');
  item.command = { command: 'activityLog.showMore', title: l10n.t('Show more'), arguments: [node] };
  return item;
}

function gapItem(node: GapNode): TreeItem {
  const { gap } = node;
  const zone = setting('timeZone');
  const times = `${formatMoment(gap.range.from, zone)} – ${formatMoment(gap.range.to, zone)}`;
  const label =
    gap.stream === '' ? l10n.t('Missing: {0}', times) : l10n.t('Missing of {0}: {1}', visibleText(gap.stream), times);
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.description = translate(gap.reason);
  item.tooltip = `${label}\n${translate(gap.reason)}`;
  item.contextValue = 'gap';
  item.iconPath = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  item.command = { command: 'activityLog.retryGap', title: l10n.t('Retry'), arguments: [node] };
  item.accessibilityInformation = { label: `${label}. ${translate(gap.reason)}. ${l10n.t('Retry')}` };
  return item;
}

/** The tooltip of an event, made when it is asked for. */
export function eventTooltip(summary: EventSummary): MarkdownString {
  const text = new MarkdownString();
  const line = (name: string, value: string): void => {
    if (value === '') return;
    text.appendMarkdown(`**${name}:** `).appendText(visibleText(value)).appendMarkdown('  \n');
  };
  text
    .appendText(visibleText(summary.action) || l10n.t('(no action)'))
    .appendMarkdown(` — ${outcomeText(summary.outcome)}\n\n`);
  const agent = agentKind(summary.userAgent);
  line(l10n.t('Time'), moment(summary));
  line(l10n.t('Component'), summary.source);
  line(l10n.t('User'), [summary.userEmail, summary.userId].filter((part) => part !== '').join(' '));
  line(l10n.t('Request'), `${summary.method} ${redacted(summary.uri)}`);
  if (summary.userAgent !== '') line(l10n.t('Agent (a guess)'), `${agent.name} — ${summary.userAgent}`);
  line(l10n.t('Request id'), summary.requestId);
  line(l10n.t('Event id'), summary.key);
  return text;
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

/** The URI for a line of text, secrets masked where the setting says so. */
export function uriText(summary: EventSummary): string {
  return visibleText(redacted(summary.uri));
}

function redacted(text: string): string {
  return setting('redactSecrets') ? redactUri(text) : text;
}

function totalText(node: { readonly events: number; readonly failures: number }): string {
  const events = node.events === 1 ? l10n.t('1 event') : l10n.t('{0} events', countText(node.events));
  return node.failures === 0 ? events : l10n.t('{0}, {1} failed', events, countText(node.failures));
}

function weekday(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(env.language, { weekday: 'long', timeZone: 'UTC' });
}
