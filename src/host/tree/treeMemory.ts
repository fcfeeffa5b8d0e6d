import type { Memento } from 'vscode';
import type { Connection } from '../connections/connections';
import type { GroupNode, Node } from './nodes';

interface Remembered {
  readonly expanded: readonly string[];
  /** Rows asked for of lists that go beyond the first page. */
  readonly wanted: readonly (readonly [list: string, rows: number])[];
  /** The selected row, under the rows it stands in. */
  readonly selected: readonly Step[];
}

type Unchanging<T> = T extends GroupNode ? Omit<T, 'events' | 'failures' | 'presence' | 'parent'> : never;

/** A row on the way to another, without what changes. */
export type Step = Unchanging<GroupNode> | { readonly kind: 'event'; readonly id: string; readonly key: string };

const changing = new Set(['events', 'failures', 'presence', 'parent']);

const nothing: Remembered = { expanded: [], wanted: [], selected: [] };
const maxRows = 1_000;
const writeDelay = 300;

/** What is open and selected in the tree of one connection, kept beyond the window: VS Code itself begins with a closed tree. */
export class TreeMemory {
  readonly #key: string;
  readonly #expanded: Set<string>;
  readonly wanted: Map<string, number>;
  #selected: readonly Step[];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly memento: Memento,
    connection: Connection | undefined,
  ) {
    this.#key = connection ? keyOf(connection) : '';
    const { expanded, wanted, selected } = { ...nothing, ...(connection && memento.get<Remembered>(this.#key)) };
    this.#expanded = new Set(expanded);
    this.wanted = new Map(wanted);
    this.#selected = selected;
  }

  get selected(): readonly Step[] {
    return this.#selected;
  }

  isExpanded(id: string): boolean {
    return this.#expanded.has(id);
  }

  setExpanded(id: string, expanded: boolean): void {
    // Said again, it is the latest.
    this.#expanded.delete(id);
    if (expanded) this.#expanded.add(id);
    this.write();
  }

  /** The row that was selected last. That none is any more says little: rows that are drawn anew may lose it for a moment. */
  select(node: Node): void {
    this.#selected = stepsTo(node);
    this.write();
  }

  /** Notes it soon: a person may walk through rows quickly. */
  write(): void {
    if (this.#key === '') return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), writeDelay);
  }

  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const remembered: Remembered = {
      expanded: [...this.#expanded].slice(-maxRows),
      wanted: [...this.wanted].slice(-maxRows),
      selected: this.#selected,
    };
    void this.memento.update(this.#key, remembered);
  }
}

export async function forgetTree(memento: Memento, connection: Connection): Promise<void> {
  await memento.update(keyOf(connection), undefined);
}

function stepsTo(node: Node): Step[] {
  if (node.kind === 'gap' || node.kind === 'gaps' || node.kind === 'more') return [];
  const above = node.parent ? stepsTo(node.parent) : [];
  if (node.kind === 'event') return [...above, { kind: 'event', id: node.id, key: node.summary.key }];
  const lasting = Object.entries(node).filter(([name]) => !changing.has(name));
  return [...above, Object.fromEntries(lasting) as Step];
}

function keyOf(connection: Connection): string {
  return `tree.${connection.id}`;
}
