import { commands, EventEmitter, l10n, window, type TreeDataProvider, type TreeItem, type TreeView } from 'vscode';
import { isCancelled } from '../../core/errors';
import { Owner } from '../../core/lifecycle';
import type { Log } from '../../core/log';
import { viewMessage, viewState, type Situation } from '../../core/viewState';
import { rangeText } from '../rangeText';
import type { History } from '../../history/history';
import type { Session } from '../session';
import { onDidChangeSetting, setting } from '../settings';
import { errorText, translate } from '../translate';
import { EventRows } from './eventRows';
import { componentRows, dayRows } from './groups';
import { countText, eventTooltip, treeItem } from './items';
import type { MoreNode, Node } from './nodes';

/**
 * Milliseconds between two refreshes. VS Code passes on rows and messages together, and only when no other change came
 * within 200 ms before them: more often would be never.
 */
const refreshInterval = 450;
const textDelay = 300;

/** The tree of events. It asks the session and its history, and never the network. */
export class EventTree extends Owner implements TreeDataProvider<Node> {
  readonly view: TreeView<Node>;
  readonly #changed = this.own(new EventEmitter<void>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #rows = new EventRows();
  #shown = '';
  #history: History | undefined;
  #timer: NodeJS.Timeout | undefined;
  #refreshed = 0;
  #due = Infinity;
  #told = '';
  #said: string | undefined;
  #abort = new AbortController();
  #endProgress: (() => void) | undefined;

  constructor(
    private readonly session: Session,
    private readonly log: Log,
  ) {
    super();
    this.view = this.own(
      window.createTreeView<Node>('activityLog.events', {
        treeDataProvider: this,
        showCollapseAll: true,
        canSelectMany: true,
      }),
    );
    this.own(session.onDidChange(() => this.#schedule()));
    const recount = (): void => {
      session.recount().catch((error: unknown) => log.error('The events cannot be counted', error));
    };
    this.own(onDidChangeSetting(['timeZone', 'redactSecrets'], recount));
    this.own({
      dispose: () => {
        clearTimeout(this.#timer);
        this.#abort.abort();
        this.#endProgress?.();
      },
    });
    this.#describe();
  }

  /** One more page of the list that `node` closes. */
  showMore(node: MoreNode): void {
    this.#rows.showMore(node.parent);
    this.#changed.fire();
  }

  getTreeItem(node: Node): TreeItem {
    return treeItem(node);
  }

  resolveTreeItem(item: TreeItem, node: Node): TreeItem {
    if (node.kind === 'event') item.tooltip = eventTooltip(node.summary);
    return item;
  }

  getParent(node: Node): Node | undefined {
    return node.kind === 'event' || node.kind === 'more' ? node.parent : undefined;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.#roots();
    if (node.kind !== 'component' && node.kind !== 'day') return [];
    const { counts } = this.session;
    if (node.kind === 'component' && node.day === undefined) return dayRows(counts.days, node.source);
    if (node.kind === 'day' && node.source === undefined) return componentRows(counts.days, node.day);
    const { history } = this.session;
    if (!history) return [];
    try {
      return await this.#rows.read(node, history, this.session.view, this.#abort.signal);
    } catch (error) {
      if (isCancelled(error) || history !== this.session.history) return [];
      this.log.error('The rows of the tree cannot be read', error);
      throw new Error(errorText(error), { cause: error });
    }
  }

  #roots(): Node[] {
    const { counts, choice, load } = this.session;
    const groups = choice.grouping === 'component' ? componentRows(counts.days) : dayRows(counts.days);
    if (groups.length === 0) return [];
    const gaps = load.gaps.map((gap): Node => ({
      kind: 'gap',
      id: `gap:${gap.stream}:${gap.range.from}-${gap.range.to}`,
      gap,
    }));
    return [...gaps, ...groups];
  }

  /** New rows are shown at once where the view was at rest; a text alone waits, for it would hold up the rows after it. */
  #schedule(): void {
    const now = performance.now();
    const due = Math.max(this.#refreshed + refreshInterval, this.#content() === this.#told ? now + textDelay : now);
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), due - now);
  }

  #refresh(): void {
    this.#due = Infinity;
    this.#refreshed = performance.now();
    this.#forgetRows();
    const content = this.#content();
    // Rows first: what is told second has to wait.
    if (content !== this.#told) this.#changed.fire();
    this.#told = content;
    this.#describe();
  }

  /** Drops the rows of a view that is not looked at any more. */
  #forgetRows(): void {
    const { choice, connection, history, range } = this.session;
    const shown = JSON.stringify([connection?.id, choice, range, setting('timeZone')]);
    if (shown === this.#shown && history === this.#history) return;
    this.#shown = shown;
    this.#history = history;
    this.#rows.clear();
  }

  /** All that rows are made of; '' where there are none. */
  #content(): string {
    const { choice, connection, counts, load } = this.session;
    if (counts.days.length === 0) return '';
    const settings = [setting('timeZone'), setting('redactSecrets')];
    return JSON.stringify([connection?.id, choice, counts.days, load.gaps, settings]);
  }

  /** Says around the rows what they cannot say: range, filter, progress, the cause of an empty view. */
  #describe(): void {
    const { session } = this;
    const situation = situationOf(session);
    const state = viewState(situation);
    // VS Code shows no welcome text beside a message: an empty view names its cause there.
    const text = state === 'ready' ? viewMessage(situation) : undefined;
    const description = session.connection && describe(session);
    this.view.description = description;
    // A view alone in its container has no place for its description: the message says it, too.
    const said = text && `${description ?? ''} · ${translate(text)}`;
    // Even the same message again would hold up the rows.
    if (said !== this.#said) this.view.message = said;
    this.#said = said;
    setContext('state', state);
    setContext('connection', session.connection !== undefined);
    setContext('connectionKind', session.connection?.kind);
    setContext('filtered', session.filtered);
    setContext('loading', session.load.running);
    this.#showProgress(session.load.running && !session.load.waitingForToken);
  }

  #showProgress(running: boolean): void {
    if (running === (this.#endProgress !== undefined)) return;
    this.#endProgress?.();
    this.#endProgress = undefined;
    if (!running) return;
    void window.withProgress(
      { location: { viewId: 'activityLog.events' } },
      () => new Promise<void>((resolve) => (this.#endProgress = resolve)),
    );
  }
}

function situationOf(session: Session): Situation {
  const { load, counts } = session;
  let shown = 0;
  for (const day of counts.days) shown += day.events;
  return {
    opening: session.opening,
    connected: session.connection !== undefined,
    tokenMissing: session.tokenMissing,
    loading: load.running,
    waitingForToken: load.waitingForToken,
    loaded: load.finished,
    cleared: load.cleared,
    failures: load.gaps,
    shown,
    filtered: session.filtered,
    unreadable: load.unreadable,
    received: load.received,
    count: countText,
  };
}

function describe(session: Session): string {
  const { choice, connection } = session;
  const parts = [connection?.name ?? '', rangeText(choice.range)];
  if (choice.resourceId !== undefined) parts.push(l10n.t('resource {0}', choice.resourceId));
  if (choice.query !== '') parts.push(choice.query);
  return parts.join(', ');
}

function setContext(key: string, value: unknown): void {
  void commands.executeCommand('setContext', `activityLog.${key}`, value);
}
