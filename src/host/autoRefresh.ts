import { window } from 'vscode';
import { Owner } from '../core/lifecycle';
import type { Session } from './session';
import { onDidChangeSetting, setting } from './settings';
import type { EventTree } from './tree/eventTree';

/** Looks for new events every `autoRefreshSeconds`, while the window has focus and the view is visible. */
export class AutoRefresh extends Owner {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly session: Session,
    private readonly tree: EventTree,
  ) {
    super();
    this.own(onDidChangeSetting(['autoRefreshSeconds'], () => this.#start()));
    this.own({ dispose: () => clearInterval(this.#timer) });
    this.#start();
  }

  #start(): void {
    clearInterval(this.#timer);
    const seconds = setting('autoRefreshSeconds');
    if (seconds > 0) this.#timer = setInterval(() => this.#refresh(), seconds * 1000);
  }

  #refresh(): void {
    if (!this.tree.view.visible || !window.state.focused || this.session.load.running) return;
    void this.session.refreshQuietly();
  }
}
