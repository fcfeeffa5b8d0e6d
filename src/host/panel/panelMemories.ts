import type { Memento } from 'vscode';
import { readMemory, type PanelMemory } from '../../protocol/panel';

/** What is known of a panel that may come back after a reload of the window. */
interface KeptPanel {
  readonly id: string;
  readonly pinned: boolean;
  readonly memory: PanelMemory;
}

const key = 'eventPanels';

/** Panels that are closed for good are not told from those that closed with the window: the oldest go. */
const most = 100;

/** Keeps what each panel showed, by workspace. VS Code's own state of a page is saved too late for that. */
export class PanelMemories {
  constructor(private readonly memento: Memento) {}

  keep(panel: KeptPanel): void {
    const others = this.#all().filter(({ id }) => id !== panel.id);
    void this.memento.update(key, [...others, panel].slice(-most));
  }

  forget(id: string): void {
    void this.memento.update(
      key,
      this.#all().filter((panel) => panel.id !== id),
    );
  }

  find(id: string): KeptPanel | undefined {
    return this.#all().find((panel) => panel.id === id);
  }

  /** The panel that changed last, but for `known` ones. */
  latest(known: ReadonlySet<string> = new Set()): KeptPanel | undefined {
    return this.#all().findLast(({ id }) => !known.has(id));
  }

  #all(): KeptPanel[] {
    const kept = this.memento.get(key);
    if (!Array.isArray(kept)) return [];
    return (kept as unknown[]).flatMap((value) => {
      const { id, pinned, memory } = (value ?? {}) as Partial<Record<keyof KeptPanel, unknown>>;
      const read = readMemory(memory);
      return typeof id === 'string' && read ? [{ id, pinned: pinned === true, memory: read }] : [];
    });
  }
}
