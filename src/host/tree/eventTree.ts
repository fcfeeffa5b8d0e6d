import { setTimeout as sleep } from 'node:timers/promises';
import { EventEmitter, window, type Memento, type TreeDataProvider, type TreeItem, type TreeView } from 'vscode';
import { isCancelled } from '../../core/base/errors';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import type { KnownResources } from '../code/knownResources';
import type { Session } from '../session/session';
import { onDidChangeSetting, setting } from '../ui/settings';
import { toOutward } from '../ui/translate';
import { TreeItems } from './items';
import type { MoreNode, Node } from './nodes';
import { addTooltip } from './tooltips';
import { TreeMemory, type Step } from './treeMemory';
import { TreeRows } from './treeRows';
import { ViewTexts } from './viewTexts';

/**
 * Milliseconds between two refreshes. VS Code passes on rows and messages together, and only when no other change came
 * within 200 ms before them: more often would be never.
 */
const refreshInterval = 450;
const textDelay = 300;

/** On a busy machine rows are drawn anew for seconds after a window has opened. */
const selectAttempts = 60;

/** Rows that are sent to the editor again with a refresh take it time: the more there are, the longer it is left in peace. */
const restPerRow = 0.2;

/** The tree of events. It asks the session and its history, and never the network. */
export class EventTree extends Owner implements TreeDataProvider<Node> {
  readonly view: TreeView<Node>;
  readonly #changed = this.own(new EventEmitter<Node | Node[] | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #texts: ViewTexts;
  #items: TreeItems;
  readonly #abort = new AbortController();
  #memory: TreeMemory;
  #rows: TreeRows;
  /** What is looked at: its rows are kept. */
  #shown: readonly unknown[] = [];
  /** The version of what the code calls resources that the rows show. */
  #named: unknown;
  /** What the rows were made of at the last refresh. */
  #told: readonly unknown[] = [];
  /** The rows at the top, as VS Code knows them, with all that is seen of them. */
  #roots: readonly { readonly node: Node; readonly content: string }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #refreshed = 0;
  #due = Infinity;
  /** The selected row of an earlier window, until it is selected again. */
  #toRestore: readonly Step[] = [];

  constructor(
    private readonly session: Session,
    private readonly memento: Memento,
    private readonly known: KnownResources,
    private readonly log: Log,
    viewId = 'activityLog.events',
  ) {
    super();
    this.#memory = new TreeMemory(memento, undefined);
    this.#rows = new TreeRows(session, this.#memory.wanted);
    this.#items = new TreeItems(known);
    this.view = this.own(
      window.createTreeView<Node>(viewId, { treeDataProvider: this, showCollapseAll: true, canSelectMany: true }),
    );
    this.#texts = this.own(new ViewTexts(session, this.view));
    this.own(session.onDidChange(() => this.#schedule()));
    this.own(known.onDidChange(() => this.#schedule()));
    const recount = (): void => {
      session.recount().catch((error: unknown) => log.error('The events cannot be counted', error));
    };
    this.own(onDidChangeSetting(['timeZone', 'redactSecrets', 'components'], recount));
    this.own(this.view.onDidExpandElement(({ element }) => this.#memory.setExpanded(element.id, true)));
    this.own(this.view.onDidCollapseElement(({ element }) => this.#memory.setExpanded(element.id, false)));
    this.own(this.view.onDidChangeSelection(({ selection: [node] }) => node && this.#memory.select(node)));
    this.own(this.view.onDidChangeVisibility(() => this.#restoreSelection()));
    this.own({
      dispose: () => {
        clearTimeout(this.#timer);
        this.#abort.abort();
        this.#memory.flush();
      },
    });
  }

  /** One more page of the list that `node` closes; the keyboard goes on from there. */
  async showMore(node: MoreNode): Promise<void> {
    const first = await this.#rows.showMore(node, this.#abort.signal);
    this.#memory.write();
    this.#changed.fire(node.parent);
    if (first && this.view.visible) await this.view.reveal(first, { select: true, focus: true });
  }

  /** Whether the row of this event is there and all above it is open. */
  shows(key: string): boolean {
    const isOpen = (node: Node | undefined): boolean =>
      !node || (this.#memory.isExpanded(node.id) && isOpen(this.getParent(node)));
    return this.#rows.listsWith(key).some(isOpen);
  }

  getTreeItem(node: Node): TreeItem {
    const item = this.#items.of(node, this.#memory.isExpanded(node.id));
    // Another connection's rows are others.
    item.id = `${this.session.connection?.id ?? ''}/${node.id}`;
    return item;
  }

  resolveTreeItem(item: TreeItem, node: Node): TreeItem {
    return addTooltip(item, node, this.session.missing, this.known);
  }

  getParent(node: Node): Node | undefined {
    return 'parent' in node ? node.parent : undefined;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) {
      this.#look();
      this.#take(this.#rows.roots());
      return this.#roots.map((root) => root.node);
    }
    const { history } = this.session;
    try {
      const children = await this.#rows.children(node, this.#abort.signal);
      await this.#items.prepare(children);
      return children;
    } catch (error) {
      if (isCancelled(error) || history !== this.session.history) return [];
      this.log.error('The rows of the tree cannot be read', error);
      throw toOutward(error);
    }
  }

  /** New rows are shown at once where there were none or the view was at rest; a text alone waits, for it would hold up the rows after it. */
  #schedule(): void {
    const now = performance.now();
    const isFirst = this.#roots.length === 0 && this.session.counts.days.length > 0;
    const rest = isFirst ? 0 : Math.max(refreshInterval, this.#rows.size * restPerRow);
    const due = Math.max(this.#refreshed + rest, !isSame(this.#parts(), this.#told) ? now : now + textDelay);
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), due - now);
  }

  #refresh(): void {
    this.#due = Infinity;
    this.#refreshed = performance.now();
    this.#told = this.#parts();
    const before = this.#roots;
    const isOther = this.#look();
    const roots = this.#rows.roots();
    const changed = this.#take(roots);
    const sameRows = before.length === roots.length && before.every(({ node }, at) => node.id === roots[at]?.id);
    // Rows first: what is told second has to wait.
    if (isOther || !sameRows) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed);
    this.#texts.update();
    this.#restoreSelection();
  }

  /** Turns to what is looked at now; whether that is something else than before. */
  #look(): boolean {
    const { choice, connection, history } = this.session;
    const shown = [connection?.id, history, JSON.stringify([choice, setting('timeZone')]), setting('redactSecrets')];
    const isRenamed = this.known.version !== this.#named;
    this.#named = this.known.version;
    if (isRenamed) this.#items = new TreeItems(this.known);
    if (isSame(shown, this.#shown)) return isRenamed;
    if (connection?.id !== this.#shown[0]) {
      this.#memory.flush();
      this.#memory = new TreeMemory(this.memento, connection);
      this.#toRestore = this.#memory.selected;
    }
    this.#shown = shown;
    this.#rows = new TreeRows(this.session, this.#memory.wanted);
    this.#items = new TreeItems(this.known);
    return true;
  }

  /** Takes over rows of the top into those that VS Code knows; returns the ones that look different now, or have something below that does. */
  #take(roots: readonly Node[]): Node[] {
    const known = new Map(this.#roots.map((root) => [root.node.id, root]));
    const changed: Node[] = [];
    this.#roots = roots.map((fresh) => {
      const content = this.#rows.content(fresh);
      const root = known.get(fresh.id);
      if (!root) return { node: fresh, content };
      Object.assign(root.node, fresh);
      if (root.content !== content) changed.push(root.node);
      return { node: root.node, content };
    });
    return changed;
  }

  /** All that rows are made of. */
  #parts(): readonly unknown[] {
    const { choice, connection, counts, history, load, missing } = this.session;
    const rows = counts.days.length > 0 ? [counts, missing, load.running] : [];
    return [connection, history, choice, ...rows, setting('timeZone'), setting('redactSecrets'), this.known.version];
  }

  #restoreSelection(): void {
    if (this.#toRestore.length === 0 || this.#roots.length === 0 || !this.view.visible) return;
    const steps = this.#toRestore;
    this.#toRestore = [];
    if (this.view.selection.length > 0) return;
    void this.#select(steps, this.#memory);
  }

  async #select(steps: readonly Step[], memory: TreeMemory): Promise<void> {
    for (let attempt = 1; attempt <= selectAttempts; attempt++) {
      if (memory !== this.#memory || this.view.selection.length > 0) return;
      if (!this.view.visible) {
        this.#toRestore = steps;
        return;
      }
      try {
        const node = await this.#rows.restore(steps);
        if (node) await this.view.reveal(node, { select: true, focus: false });
      } catch (error) {
        // A refresh that comes between takes the rows away for a moment.
        if (attempt === selectAttempts) this.log.info(`The selected row is not there any more: ${String(error)}`);
      }
      // Revealed while its rows are drawn anew, it may still not be selected.
      await sleep(refreshInterval);
    }
  }
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index]);
}
