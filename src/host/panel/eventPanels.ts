import { randomUUID } from 'node:crypto';
import {
  commands,
  EventEmitter,
  ViewColumn,
  window,
  type Event,
  type Memento,
  type Uri,
  type WebviewPanel,
  type WebviewPanelSerializer,
} from 'vscode';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { readOptions, type PanelOptions, type PanelState } from '../../protocol/panel';
import { OpenPanel, type Subject } from './openPanel';
import type { PanelActions, PanelEvents } from './panelHost';
import { PanelMemories } from './panelMemories';
import { pageOptions, readPageParts, type PageParts } from './panelPage';

const viewType = 'activityLog.event';
const optionsKey = 'eventPanelOptions';

/** How long changes of the history are gathered before the panels look at them. */
const settleMs = 300;

export interface EventPanelPorts {
  readonly extensionUri: Uri;
  /** `onDidChange`: connection, history or settings changed, or events were stored; may fire often. */
  readonly events: PanelEvents & { readonly onDidChange: Event<unknown> };
  readonly actions: PanelActions;
  /** Keeps what was open for the next window; by workspace. */
  readonly memento: Memento;
  /** Keeps how the user likes to see bodies and changes, for all windows. */
  readonly userMemento: Memento;
  readonly log: Log;
}

interface ShowOptions {
  /** What to open at once. */
  readonly show?: PanelState['show'];
  /** Whether the panel is kept for this event; else the next one takes its place. */
  readonly pinned?: boolean;
  /** Whether it opens beside the active editor. */
  readonly aside?: boolean;
}

/** The panels of events. One is the preview: it serves all events until it is pinned. All come back after a reload. */
export class EventPanels extends Owner implements WebviewPanelSerializer {
  readonly #shown = this.own(new EventEmitter<string>());
  /** The key of an event that a panel shows from now on. */
  readonly onDidShow = this.#shown.event;
  readonly #panels = new Set<OpenPanel>();
  readonly #memories: PanelMemories;
  #pageParts: Promise<PageParts> | undefined;
  /** What VS Code knows of the active panel. */
  readonly #described = new Map<string, boolean>();

  constructor(private readonly ports: EventPanelPorts) {
    super();
    this.#memories = new PanelMemories(ports.memento);
    this.own(window.registerWebviewPanelSerializer(viewType, this));
    let timer: NodeJS.Timeout | undefined;
    this.own(
      ports.events.onDidChange(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          for (const open of this.#panels) this.#refresh(open);
        }, settleMs);
      }),
    );
    this.own({ dispose: () => clearTimeout(timer) });
    // The panels themselves stay: when the window closes, VS Code keeps them for the next one.
    this.own({ dispose: () => this.#panels.forEach((open) => open.dispose()) });
  }

  /** The panel that has the focus, or had it last of all editors. */
  get active(): OpenPanel | undefined {
    return [...this.#panels].find(({ panel }) => panel.active);
  }

  /**
   * Shows the event: in the panel that shows it already, in the preview, or in a new panel.
   * @throws UserError where the history has no such event
   */
  async show(key: string, { show, pinned = false, aside = false }: ShowOptions = {}): Promise<void> {
    const connection = this.ports.events.connection() ?? '';
    const target = aside ? undefined : (this.#showing(key) ?? this.#preview);
    // VS Code takes longer for a panel than the history for an event: both at once.
    const open = target ?? this.#create({ connection, key }, pinned, aside);
    try {
      await open.open({ connection, key, show });
    } catch (error) {
      if (!target) open.panel.dispose();
      throw error;
    }
    if (!target || !this.#panels.has(open)) return;
    if (pinned || !open.panel.visible) open.panel.reveal(undefined, !pinned);
    if (pinned) open.pin();
  }

  /** Shows what changed from one event to another, by their keys. @throws UserError where the history has no such event */
  compare(left: string, right: string): Promise<void> {
    return this.show(right, { show: { tab: 'changes', baseline: { type: 'event', key: left } } });
  }

  /** Brings a panel back after a reload of the window. Its event appears when the history is open. */
  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const id = (state as { panel?: unknown } | undefined)?.panel;
    const known = new Set([...this.#panels].map((open) => open.id));
    const kept = typeof id === 'string' ? this.#memories.find(id) : this.#memories.latest(known);
    if (!kept || known.has(kept.id)) {
      panel.dispose();
      return;
    }
    const { connection, key, focused } = kept.memory;
    const pinned = kept.pinned || this.#preview !== undefined;
    panel.webview.options = pageOptions(this.ports.extensionUri);
    await this.#adopt(panel, kept.id, { connection, key, focused }, pinned).restore();
  }

  #create(subject: Subject, pinned: boolean, aside: boolean): OpenPanel {
    const viewColumn = aside ? ViewColumn.Beside : ViewColumn.Active;
    const options = pageOptions(this.ports.extensionUri);
    const panel = window.createWebviewPanel(viewType, '', { viewColumn, preserveFocus: true }, options);
    return this.#adopt(panel, randomUUID(), subject, pinned || aside);
  }

  #readOptions(): PanelOptions {
    return readOptions(this.ports.userMemento.get(optionsKey));
  }

  get #preview(): OpenPanel | undefined {
    return [...this.#panels].find((open) => !open.pinned);
  }

  #showing(key: string): OpenPanel | undefined {
    const showing = [...this.#panels].filter((open) => open.key === key);
    return showing.find(({ panel }) => panel.visible) ?? showing[0];
  }

  #adopt(panel: WebviewPanel, id: string, subject: Subject, pinned: boolean): OpenPanel {
    const kept = this.#memories.find(id) ?? this.#memories.latest();
    let memory = kept?.memory;
    const open: OpenPanel = new OpenPanel(id, panel, subject, {
      ...this.ports,
      page: () => (this.#pageParts ??= readPageParts(this.ports.extensionUri)),
      options: {
        read: () => this.#readOptions(),
        keep: (options) => void this.ports.userMemento.update(optionsKey, options),
      },
      openAside: (key) => this.show(key, { aside: true }),
      memory: () => memory,
      remember: (changed) => {
        memory = changed;
        this.#memories.keep({ id, pinned: open.pinned, memory });
      },
    });
    // Before the page says so, which takes a moment: the window may be closed at once.
    const keep = (): void => {
      const { connection, key } = open;
      const same = memory?.connection === connection && memory.key === key;
      if (!same)
        memory = { tab: memory?.tab ?? 'request', baseline: { type: 'previous' }, part: undefined, connection, key };
      if (memory) this.#memories.keep({ id, pinned: open.pinned, memory });
    };
    this.#panels.add(open);
    open.onDidChange(() => {
      this.#shown.fire(open.key);
      keep();
      this.#describeActive();
    });
    panel.onDidChangeViewState(() => {
      this.#describeActive();
      if (panel.visible) this.#refresh(open);
    });
    panel.onDidDispose(() => {
      open.dispose();
      this.#panels.delete(open);
      this.#describeActive();
    });
    open.pin(pinned);
    return open;
  }

  #refresh(open: OpenPanel): void {
    open.refresh().catch((error: unknown) => this.ports.log.error('An event panel cannot be refreshed', error));
  }

  /** For the menus of the active panel. */
  #describeActive(): void {
    const { active } = this;
    const contexts = {
      preview: active?.pinned === false,
      back: active?.canGo('back') ?? false,
      forward: active?.canGo('forward') ?? false,
    };
    for (const [name, value] of Object.entries(contexts)) {
      if (this.#described.get(name) !== value) void commands.executeCommand('setContext', `activityLog.${name}`, value);
      this.#described.set(name, value);
    }
  }
}
