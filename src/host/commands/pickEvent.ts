import { l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import type { EventSummary } from '../../core/event/event';
import { noSuchEvent } from '../../core/event/gone';
import { visibleText } from '../../core/base/visibleText';
import type { Session } from '../session/session';
import type { EventTree } from '../tree/eventTree';
import type { EventNode } from '../tree/nodes';
import { timeText } from '../ui/timeText';
import { outcomeText } from '../ui/outcomeText';
import { uriText } from '../tree/items';
import { textArgument } from '../ui/arguments';
import { askChoice, Dismissed } from '../ui/prompts';

/** How many of the newest events a prompt offers. */
const offered = 500;

/** How many events of the same resource it offers before and after one. */
const nearby = 50;

/** Finds the event a command is about: named in its arguments, the row it was started on, selected, or picked. */
export class EventPicker {
  constructor(
    private readonly session: Session,
    private readonly tree: EventTree,
  ) {}

  /** The event that `args` names by `name`. @throws UserError where there is no such event; Dismissed */
  async event(args: unknown, name = 'eventId'): Promise<EventSummary> {
    const key = textArgument(args, name);
    if (key !== undefined) return (await (await this.session.requireHistory()).summary(key)) ?? noSuchEvent(key);
    if (isEventNode(args)) return args.summary;
    const [selected] = this.selection();
    if (selected && name === 'eventId') return selected;
    return this.pick(l10n.t('Choose an event'));
  }

  /** Its key alone, which is not looked up: whoever uses it will see whether there is such an event. */
  async key(args: unknown): Promise<string> {
    const key = textArgument(args, 'eventId');
    if (key === undefined) return (await this.event(args)).key;
    await this.session.requireHistory();
    return key;
  }

  /** The events selected in the tree. */
  selection(): EventSummary[] {
    return this.tree.view.selection.filter(isEventNode).map((node) => node.summary);
  }

  /** Lets a person choose among the newest events of the view; those selected in the tree and those of `near` come first. */
  async pick(title: string, near?: { readonly key: string; readonly name: string }): Promise<EventSummary> {
    const history = await this.session.requireHistory();
    const query = { view: this.session.view, limit: offered };
    const listed = history.list(query, new AbortController().signal).then(({ items }) => items);
    const around =
      near &&
      history.neighbours(near.key, undefined, nearby).then(({ previous, next }) => [...next.toReversed(), ...previous]);
    const items = Promise.all([listed, around]).then(([newest, life = []]) => {
      const selected = near ? this.selection() : [];
      const seen = new Set(near && [near.key]);
      const group = (label: string, events: readonly EventSummary[]): EventItem[] => {
        const fresh = events.filter(({ key }) => !seen.has(key));
        fresh.forEach(({ key }) => seen.add(key));
        const head = { label, kind: QuickPickItemKind.Separator };
        return fresh.length > 0 ? [...(near ? [head] : []), ...fresh.map(toItem)] : [];
      };
      return [
        ...group(l10n.t('Selected in the tree'), selected),
        ...group(near?.name ?? '', life),
        ...group(l10n.t('Newest events'), newest),
      ];
    });
    const { summary } = await askChoice(items, { title });
    if (!summary) throw new Dismissed(); // a heading cannot be chosen
    return summary;
  }
}

interface EventItem extends QuickPickItem {
  readonly summary?: EventSummary;
}

function toItem(summary: EventSummary): EventItem {
  return {
    label: visibleText(summary.action) || l10n.t('(no action)'),
    description: `${timeText(summary)}  ${outcomeText(summary.outcome)}  ${visibleText(summary.userEmail)}`,
    detail: `${visibleText(summary.source)}  ${visibleText(summary.method, 20)} ${uriText(summary)}`,
    summary,
  };
}

export function isEventNode(value: unknown): value is EventNode {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'event';
}
