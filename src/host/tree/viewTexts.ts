import { commands, l10n, type TreeView } from 'vscode';
import { Owner } from '../../core/base/lifecycle';
import { viewMessage, viewState, type Situation } from './viewState';
import { unreadCode } from '../session/choices';
import { isFailed } from '../session/completeness';
import { rangeText } from '../session/rangeText';
import type { Session } from '../session/session';
import { translate } from '../ui/translate';
import { showProgress } from '../ui/showProgress';
import { visibleTo } from '../session/visibleTo';
import { countText } from '../ui/countText';
import { gapTimes } from '../ui/timeText';
import type { Node } from './nodes';

/** Says around the rows what they cannot say: range, filter, progress, what is missing, the cause of an empty view. */
export class ViewTexts extends Owner {
  #said: string | undefined;
  #endProgress: (() => void) | undefined;

  constructor(
    private readonly session: Session,
    private readonly view: TreeView<Node>,
  ) {
    super();
    this.own({ dispose: () => this.#endProgress?.() });
    this.update();
  }

  update(): void {
    const { session, view } = this;
    const situation = situationOf(session);
    const state = viewState(situation);
    // VS Code shows no welcome text beside a message: an empty view names its cause there.
    const text = state === 'ready' ? viewMessage(situation) : undefined;
    const description = session.connection && describe(session);
    view.description = description;
    // A view alone in its container has no place for its description: the message says it, too.
    const said = text && `${description ?? ''} · ${translate(text)}`;
    // Even the same message again would hold up the rows.
    if (said !== this.#said) view.message = said;
    this.#said = said;
    setContext('state', state);
    setContext('connection', session.connection !== undefined);
    setContext('connectionKind', session.connection?.kind);
    setContext('filtered', session.filtered);
    setContext('loading', situation.loading);
    this.#showProgress(session.searching || (situation.loading && !situation.waitingForToken));
  }

  #showProgress(running: boolean): void {
    if (running === (this.#endProgress !== undefined)) return;
    this.#endProgress?.();
    this.#endProgress = undefined;
    if (!running) return;
    const work = (): Promise<void> => new Promise((resolve) => (this.#endProgress = resolve));
    void showProgress('', work, { viewId: 'activityLog.events' });
  }
}

function situationOf(session: Session): Situation {
  const { load, counts } = session;
  let shown = 0;
  for (const day of counts.days) shown += day.events;
  // Nothing around the rows may jump each time somebody looks for new events.
  const quiet = load.running && load.background && shown > 0;
  const missing = quiet ? session.missing.filter(isFailed) : session.missing;
  return {
    opening: session.opening,
    connected: session.connection !== undefined,
    tokenMissing: session.tokenMissing,
    loading: load.running && !quiet,
    waitingForToken: load.waitingForToken,
    loaded: quiet || load.finished || session.complete,
    cleared: load.cleared,
    failures: load.gaps,
    missing: missing.map(({ stream, range, reason }) => ({ times: gapTimes(range), stream, reason })),
    shown,
    filtered: session.filtered,
    lookingUp: unreadCode(session.choice)?.name,
    searching: session.searching,
    visibility: visibleTo(session),
    unreadable: load.unreadable,
    received: load.received,
    count: countText,
  };
}

function describe(session: Session): string {
  const { choice, connection } = session;
  const parts = [connection?.name ?? '', rangeText(choice.range)];
  if (choice.resourceId !== undefined) parts.push(l10n.t('resource {0}', choice.resourceId));
  if (choice.code) parts.push(choice.code.name);
  if (choice.query !== '') parts.push(choice.query);
  return parts.join(', ');
}

function setContext(key: string, value: unknown): void {
  void commands.executeCommand('setContext', `activityLog.${key}`, value);
}
