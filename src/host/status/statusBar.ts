import { l10n } from 'vscode';
import { Owner } from '../../core/base/lifecycle';
import type { Connection } from '../connections/connections';
import { identityName } from '../connections/identityName';
import type { Session } from '../session/session';
import type { StoredEvents } from '../session/storedEvents';
import type { Tokens } from '../connections/tokens';
import { translate } from '../ui/translate';
import { StatusItem } from '../ui/statusItem';
import { visibleText } from '../session/visibleTo';

const minute = 60_000;

/** The active connection, how long its token lives at most, and how much is stored. A click switches the connection. */
export class StatusBar extends Owner {
  readonly #item = this.own(
    new StatusItem('activityLog.connection', l10n.t('Activity Log connection'), 'activityLog.switchConnection'),
  );

  #shown = '';

  constructor(
    private readonly session: Session,
    private readonly tokens: Tokens,
    private readonly stored: StoredEvents,
  ) {
    super();
    const timer = setInterval(() => this.#show(), minute / 4);
    this.own({ dispose: () => clearInterval(timer) });
    this.own(session.onDidChange(() => this.#show()));
    this.own(stored.onDidChange(() => this.#show()));
    this.own(tokens.onDidChange(() => this.#show()));
    this.#show();
  }

  #show(): void {
    const { connection } = this.session;
    if (!connection) {
      this.#item.hide();
      this.#shown = '';
      return;
    }
    const token = connection.kind === 'http' ? this.#tokenText() : undefined;
    const [gap] = this.session.load.gaps;
    const reason = gap ? translate(gap.reason) : '';
    const icon = gap ? 'warning' : 'history';
    const text = `${connection.name}${token ? `: ${token}` : ''}`;
    const signIn = this.#signInText(connection);
    const visible = visibleText(this.session);
    const seen = visible ? translate(visible) : '';
    const lines = [connection.name, connection.address, signIn, seen, this.stored.text ?? '', reason].filter(
      (line) => line !== '',
    );
    const shown = JSON.stringify([icon, text, lines]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const facts = [token, reason, seen, this.stored.text].filter(Boolean).join('. ');
    this.#item.show(icon, text, l10n.t('Activity Log connection {0}. {1}', connection.name, facts), lines);
  }

  #signInText(connection: Connection): string {
    if (!connection.auth || this.tokens.secret(connection) === undefined) return '';
    return l10n.t('Signed in as {0}; the token is renewed by itself', identityName(connection.auth));
  }

  #tokenText(): string {
    const { connection, load } = this.session;
    const left = connection && this.tokens.remaining(connection, Date.now());
    if (left === undefined) return l10n.t('no token');
    if (left.ms === 0 || load.waitingForToken) return l10n.t('token expired');
    const minutes = Math.ceil(left.ms / minute);
    return left.isKnown ? l10n.t('token {0} min', minutes) : l10n.t('token at most {0} min', minutes);
  }
}
