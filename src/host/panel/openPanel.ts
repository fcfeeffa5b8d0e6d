import { setTimeout as sleep } from 'node:timers/promises';
import { env, EventEmitter, l10n, Uri, type WebviewPanel } from 'vscode';
import { Owner } from '../../core/base/lifecycle';
import { goneText, noSuchEvent } from '../../core/event/gone';
import { message, type Message } from '../../core/base/message';
import { visibleText } from '../../core/base/visibleText';
import type { History } from '../../history/history';
import {
  bodyOf,
  type PanelEvent,
  type PanelMemory,
  type PanelOptions,
  type PanelPage,
  type PanelStart,
  type PanelState,
} from '../../protocol/panel';
import { connect, type Remote } from '../../protocol/rpc';
import { createPanelHost, loadPanelEvent, type PanelActions, type PanelEvents } from './panelHost';
import { panelPage, type PageParts } from './panelPage';

/** What a panel shows: an event of a connection. */
export interface Subject {
  readonly connection: string;
  readonly key: string;
  /** The resource in focus; undefined: the one the event is about. */
  readonly focused?: string | undefined;
  /** What the command asked to open; done once. */
  readonly show?: PanelState['show'];
  /** What the open tab shows; handed over once. */
  readonly first?: PanelState['first'];
}

interface OpenPanelPorts {
  readonly extensionUri: Uri;
  readonly events: PanelEvents;
  readonly actions: PanelActions;
  page(): Promise<PageParts>;
  /** Opens an event in a panel beside this one. */
  openAside(key: string): Promise<void>;
  /** What a new page of the panel starts with. */
  memory(): PanelMemory | undefined;
  remember(memory: PanelMemory): void;
  /** What every new page starts with. */
  readonly options: { read(): PanelOptions; keep(options: PanelOptions): void };
}

/** Longer than this (milliseconds) nothing waits for a page. */
const titleMs = 200;

/** How many events back are remembered. */
const maxVisited = 50;

/** A panel that exists, the conversation with its page, and the way through events that it has gone. */
export class OpenPanel extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  /** Pinned, turned to another event, or turned back. */
  readonly onDidChange = this.#changed.event;
  readonly page: Remote<PanelPage>;
  #pinned = false;
  #state: PanelState | undefined;
  #version = 0;
  #shownFrom: { readonly history: History | undefined; readonly redact: boolean } | undefined;
  #loaded = false;
  #pageReady = false;
  #stale = false;
  #asked = 0;
  #back: Subject[] = [];
  #forward: Subject[] = [];

  constructor(
    readonly id: string,
    readonly panel: WebviewPanel,
    private subject: Subject,
    private readonly ports: OpenPanelPorts,
  ) {
    super();
    const { webview } = panel;
    const { remote, ...connection } = connect<PanelPage>(
      {
        post: (value) => void webview.postMessage(value),
        onMessage: (listener) => webview.onDidReceiveMessage(listener),
      },
      createPanelHost(ports.events, ports.actions, {
        ready: async () => {
          if (this.#stale) await this.refresh();
          this.#pageReady = true;
          return this.#start();
        },
        remember: (memory) => ports.remember({ ...memory, focused: this.subject.focused }),
        rememberOptions: (options) => ports.options.keep(options),
        openEvent: (key, aside) => (aside ? ports.openAside(key) : this.#goOn(key)),
        walk: (resourceId) => this.#walk(resourceId),
        go: (direction) => this.go(direction),
      }),
    );
    this.own({ dispose: () => connection.dispose() });
    this.page = remote;
    // A hidden page does not exist: a new one asks for the state when the panel is seen again.
    this.own(panel.onDidChangeViewState(() => (this.#pageReady &&= panel.visible)));
  }

  get key(): string {
    return this.subject.key;
  }
  get connection(): string {
    return this.subject.connection;
  }
  get pinned(): boolean {
    return this.#pinned;
  }

  /** Whether there is an event to go back or forward to. */
  canGo(direction: 'back' | 'forward'): boolean {
    return (direction === 'back' ? this.#back : this.#forward).length > 0;
  }

  /** Keeps the panel for its event: others open elsewhere. */
  pin(pinned = true): void {
    this.#pinned = pinned;
    const icon = (theme: string): Uri =>
      Uri.joinPath(this.ports.extensionUri, 'media', `event${pinned ? '' : '-preview'}-${theme}.svg`);
    this.panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this.#nameTab();
    this.#changed.fire();
  }

  /** Goes on to another event; the one before can be gone back to. @throws UserError where the history has no such event */
  async open(subject: Subject): Promise<void> {
    await this.#visit(subject, (arrived, event) => {
      if (this.#state?.event && this.subject.key !== subject.key) {
        this.#back = [...this.#back, { ...this.subject, show: undefined, first: undefined }].slice(-maxVisited);
        this.#forward = [];
      }
      this.#turn(arrived, event);
    });
  }

  /** Goes to the event before or after this one in the way that was gone. */
  async go(direction: 'back' | 'forward'): Promise<void> {
    const target = (direction === 'back' ? this.#back : this.#forward).at(-1);
    if (!target) return;
    await this.#visit(target, (subject, event) => {
      const here = { ...this.subject, show: undefined, first: undefined };
      const [from, to] = direction === 'back' ? [this.#back, this.#forward] : [this.#forward, this.#back];
      from.pop();
      to.push(here);
      this.#turn(subject, event);
    });
  }

  /** Brings the page back after a reload of the window; the event appears when the history is open. */
  async restore(): Promise<void> {
    this.#load(await this.ports.page());
    await this.refresh();
  }

  /** Looks at the history again: neighbours may have arrived, the connection or a setting may have changed. */
  async refresh(): Promise<void> {
    this.#stale = !this.panel.visible;
    if (this.#stale) return;
    const { events } = this.ports;
    const { subject } = this;
    const history = events.history();
    if (history && events.connection() !== subject.connection) {
      const notice = message('This event belongs to another connection. Switch to that connection to see it.');
      this.#publish(undefined, notice);
      return;
    }
    const answer = history && (await loadPanelEvent(history, { key: subject.key, focused: subject.focused }, events));
    if (this.disposed || this.subject !== subject) return;
    const notice = answer ? undefined : history ? goneText : message('The history is being opened…');
    this.#publish(answer?.event, notice);
  }

  #goOn(key: string): Promise<void> {
    const { focused, connection } = this.subject;
    return this.open({ connection, key, focused });
  }

  async #walk(resourceId: string): Promise<void> {
    await this.#visit({ ...this.subject, focused: resourceId }, (subject, event) => this.#turn(subject, event));
  }

  /** Reads the event of `subject`, unless another is asked for meanwhile. */
  async #visit(subject: Subject, arrive: (subject: Subject, event: PanelEvent) => void): Promise<void> {
    const { events } = this.ports;
    const asked = ++this.#asked;
    const history = events.history();
    const part = bodyOf(subject.show?.tab ?? this.ports.memory()?.tab ?? 'request');
    const wanted = part && { part, pretty: this.ports.options.read().pretty };
    const { key, focused } = subject;
    const [answer, parts] = await Promise.all([
      history && loadPanelEvent(history, { key, focused, first: wanted }, events),
      this.ports.page(),
    ]);
    if (asked !== this.#asked || this.disposed) return;
    const { event, first } = answer ?? noSuchEvent(key);
    arrive({ ...subject, first }, event);
    this.#load(parts);
  }

  #turn(subject: Subject, event: PanelEvent): void {
    this.subject = subject;
    this.#publish(event, undefined);
    this.#changed.fire();
  }

  #publish(event: PanelEvent | undefined, notice: Message | undefined): void {
    const { events } = this.ports;
    const from = { history: events.history(), redact: events.redact() };
    const renewed = from.history !== this.#shownFrom?.history || from.redact !== this.#shownFrom?.redact;
    if (renewed) this.#version++;
    this.#shownFrom = from;
    const { show, first, connection, key } = this.subject;
    const state = { version: this.#version, connection, key, event, notice, show, first };
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    const shown = this.#pageReady && this.page.show(this.#takeState() ?? state).catch(() => undefined); // gone: the next page asks
    // First the page, then the tab: VS Code draws both on one thread.
    if (shown) void Promise.race([shown, sleep(titleMs)]).then(() => this.#nameTab());
    else this.#nameTab();
  }

  #nameTab(): void {
    const event = this.#state?.event;
    if (event && !this.disposed) this.panel.title = visibleText(`${event.action} ${event.moment.slice(-8)}`, 40);
  }

  /** Gives the panel its first page, which begins with what is known by now. */
  #load(parts: PageParts): void {
    if (this.#loaded || this.disposed) return;
    this.#loaded = true;
    const { webview } = this.panel;
    webview.html = panelPage(webview, this.ports.extensionUri, parts, this.id, this.#state && this.#start());
  }

  #start(): PanelStart {
    return {
      panel: this.#takeState(),
      memory: this.ports.memory(),
      options: this.ports.options.read(),
      language: env.language,
      bundle: l10n.bundle ?? {},
    };
  }

  #takeState(): PanelState | undefined {
    const state = this.#state;
    this.#state = state && { ...state, show: undefined, first: undefined };
    this.subject = { ...this.subject, show: undefined, first: undefined };
    return state;
  }
}
