import { randomBytes } from 'node:crypto';
import {
  env,
  l10n,
  Uri,
  ViewColumn,
  window,
  type Event,
  type Memento,
  type Webview,
  type WebviewPanel,
  type WebviewPanelSerializer,
} from 'vscode';
import { UserError } from '../core/errors';
import { Owner } from '../core/lifecycle';
import type { Log } from '../core/log';
import { message, type Message } from '../core/message';
import { visibleText } from '../core/visibleText';
import type { History } from '../history/history';
import { readMemory, type PanelEvent, type PanelPage, type PanelState } from '../protocol/panel';
import { connect, type Remote } from '../protocol/rpc';
import { createPanelHost, loadPanelEvent, type PanelActions, type PanelEvents } from './panelHost';

const viewType = 'activityLog.event';
const memoryKey = 'eventPanel';

/** How long changes of the history are gathered before the panel looks at them. */
const settleMs = 300;

export interface EventPanelPorts {
  readonly extensionUri: Uri;
  /** `onDidChange`: connection, history or settings changed, or events were stored; may fire often. */
  readonly events: PanelEvents & { readonly onDidChange: Event<unknown> };
  readonly actions: PanelActions;
  /** Keeps what was open for the next window; by workspace. VS Code's own state of a page is saved too late for that. */
  readonly memento: Memento;
  readonly log: Log;
}

/** What the panel shows: an event of a connection. */
interface Subject {
  readonly connection: string;
  readonly key: string;
  /** What the command asked to open; done once. */
  readonly show?: PanelState['show'];
}

/** The panel of one event; one panel serves all events, and comes back after a reload of the window. */
export class EventPanel extends Owner implements WebviewPanelSerializer {
  #open: OpenPanel | undefined;
  #asked = 0;

  constructor(private readonly ports: EventPanelPorts) {
    super();
    this.own(window.registerWebviewPanelSerializer(viewType, this));
    let timer: NodeJS.Timeout | undefined;
    this.own(
      ports.events.onDidChange(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          this.#open
            ?.refresh()
            .catch((error: unknown) => ports.log.error('The event panel cannot be refreshed', error));
        }, settleMs);
      }),
    );
    this.own({ dispose: () => clearTimeout(timer) });
    // The panel itself stays: when the window closes, VS Code keeps it for the next one.
    this.own({ dispose: () => this.#open?.dispose() });
  }

  /**
   * Shows the event, in the open panel where there is one. `show` chooses what to open at once.
   * @throws UserError where the history has no such event
   */
  async show(key: string, show?: PanelState['show']): Promise<void> {
    const { events } = this.ports;
    const history = events.history();
    const subject: Subject = { connection: events.connection() ?? '', key, show };
    const asked = ++this.#asked;
    const event = history && (await loadPanelEvent(history, key, undefined, events));
    if (!event) throw new UserError(message('The event is not stored any more. Load the time range again.'));
    // Meanwhile another event was asked for.
    if (asked !== this.#asked) return;
    if (this.#open) {
      this.#open.panel.reveal(undefined, true);
      this.#open.turnTo(subject, event);
      return;
    }
    // Not when a panel is closed: closing the window closes it, too.
    void this.ports.memento.update(memoryKey, undefined);
    const panel = window.createWebviewPanel(viewType, '', { viewColumn: ViewColumn.Active, preserveFocus: true });
    this.#adopt(panel, subject).turnTo(subject, event);
  }

  /** Brings a panel back after a reload of the window. Its event appears when the history is open. */
  async deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    const memory = readMemory(this.ports.memento.get(memoryKey));
    if (!memory || this.#open) {
      panel.dispose();
      return;
    }
    await this.#adopt(panel, { connection: memory.connection, key: memory.key }).refresh();
  }

  #adopt(panel: WebviewPanel, subject: Subject): OpenPanel {
    const open = new OpenPanel(panel, subject, this.ports);
    this.#open = open;
    panel.onDidDispose(() => {
      open.dispose();
      if (this.#open === open) this.#open = undefined;
    });
    return open;
  }
}

/** A webview that exists, and the conversation with its page. */
class OpenPanel extends Owner {
  #state: PanelState | undefined;
  #version = 0;
  #shownFrom: { readonly history: History | undefined; readonly redact: boolean } | undefined;
  readonly #page: Remote<PanelPage>;
  #pageReady = false;

  constructor(
    readonly panel: WebviewPanel,
    private subject: Subject,
    private readonly ports: EventPanelPorts,
  ) {
    super();
    const { webview } = panel;
    const roots = ['dist', 'media'].map((folder) => Uri.joinPath(ports.extensionUri, folder));
    webview.options = { enableScripts: true, localResourceRoots: roots };
    const { remote, ...connection } = connect<PanelPage>(
      {
        post: (value) => void webview.postMessage(value),
        onMessage: (listener) => webview.onDidReceiveMessage(listener),
      },
      createPanelHost(ports.events, ports.actions, {
        ready: () => {
          this.#pageReady = true;
          return { panel: this.#takeState(), memory: readMemory(ports.memento.get(memoryKey)) };
        },
        remember: (memory) => void ports.memento.update(memoryKey, memory),
      }),
    );
    this.own({ dispose: () => connection.dispose() });
    this.#page = remote;
    // A hidden page does not exist: a new one asks for the state when the panel is seen again.
    this.own(panel.onDidChangeViewState(() => (this.#pageReady &&= panel.visible)));
    webview.html = html(webview, ports.extensionUri);
  }

  /** Goes on to another event. */
  turnTo(subject: Subject, event: PanelEvent): void {
    this.subject = subject;
    this.#publish(event, undefined);
  }

  /** Looks at the history again: neighbours may have arrived, the connection or a setting may have changed. */
  async refresh(): Promise<void> {
    const { events } = this.ports;
    const { subject } = this;
    const history = events.history();
    if (history && events.connection() !== subject.connection) {
      this.#publish(
        undefined,
        message('This event belongs to another connection. Switch to that connection to see it.'),
      );
      return;
    }
    const event = history && (await loadPanelEvent(history, subject.key, undefined, events));
    if (this.disposed || this.subject.key !== subject.key) return;
    const notice = event
      ? undefined
      : history
        ? message('The event is not stored any more. Load the time range again.')
        : message('The history is being opened…');
    this.#publish(event, notice);
  }

  #publish(event: PanelEvent | undefined, notice: Message | undefined): void {
    const { events } = this.ports;
    const from = { history: events.history(), redact: events.redact() };
    const renewed = from.history !== this.#shownFrom?.history || from.redact !== this.#shownFrom?.redact;
    if (renewed) this.#version++;
    this.#shownFrom = from;
    const { show, ...subject } = this.subject;
    const bundle = l10n.bundle ?? {};
    const state = { version: this.#version, ...subject, event, notice, show, language: env.language, bundle };
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    if (event) this.panel.title = visibleText(`${event.action} ${event.moment.slice(-8)}`, 40);
    if (this.#pageReady) this.#page.show(this.#takeState() ?? state).catch(() => undefined); // gone: the next page asks
  }

  #takeState(): PanelState | undefined {
    const state = this.#state;
    this.#state = state && { ...state, show: undefined };
    this.subject = { ...this.subject, show: undefined };
    return state;
  }
}

function html(webview: Webview, extensionUri: Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const address = (file: string): string => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', file)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="${env.language.replace(/[^\w-]/g, '')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${l10n.t('Event')}</title>
<link rel="stylesheet" href="${address('page.css')}">
</head>
<body><script nonce="${nonce}" src="${address('page.js')}"></script></body>
</html>`;
}
