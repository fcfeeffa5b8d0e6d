import { window, type TreeView } from 'vscode';
import { Owner } from '../../core/base/lifecycle';
import type { Session } from './session';
import { onDidChangeSetting, setting } from '../ui/settings';

const second = 1000;

/**
 * Looks for new events every `autoRefreshSeconds`, while the window has focus and the view is visible. When they come back
 * later than that, it looks at once.
 */
export class AutoRefresh extends Owner {
  #timer: NodeJS.Timeout | undefined;
  /** When events were last looked for. */
  #looked = performance.now();

  constructor(
    private readonly session: Session,
    private readonly view: Pick<TreeView<unknown>, 'visible' | 'onDidChangeVisibility'>,
  ) {
    super();
    this.own(onDidChangeSetting(['autoRefreshSeconds'], () => this.#plan()));
    this.own(window.onDidChangeWindowState(() => this.#plan()));
    this.own(view.onDidChangeVisibility(() => this.#plan()));
    this.own(session.onDidLoad(() => this.#planNext()));
    this.own({ dispose: () => clearTimeout(this.#timer) });
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    const seconds = setting('autoRefreshSeconds');
    if (seconds === 0 || !this.view.visible || !window.state.focused) return;
    this.#timer = setTimeout(() => this.#refresh(), this.#looked + seconds * second - performance.now());
  }

  #planNext(): void {
    this.#looked = performance.now();
    this.#plan();
  }

  #refresh(): void {
    const { connection, load } = this.session;
    // When a load that runs has ended, the next one is planned. Saved logs bring nothing new.
    if (load.running) return;
    if (connection?.kind === 'http') void this.session.refreshQuietly(true);
    this.#planNext();
  }
}
