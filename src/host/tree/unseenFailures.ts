import { l10n, window } from 'vscode';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { Serial } from '../../core/base/serial';
import { intersect } from '../../core/time/ranges';
import type { Search } from '../../core/search/search';
import type { History, View } from '../../history/history';
import type { Session } from '../session/session';
import { onDidChangeSetting, setting } from '../ui/settings';
import type { EventTree } from './eventTree';
import { countText } from '../ui/countText';

/** Events that arrive later than this after they happened are not looked for any more. */
const latest = 300_000;

/** A row that was on the screen for so long was looked at. */
const look = 5_000;
const lookInterval = 1_000;

const pageSize = 500;
const failed: Search = { type: 'compare', field: 'success', op: '=', value: 'no' };

/**
 * The badge of the view: failures that arrived while events are followed, and that nobody has looked at. One is looked at
 * when it is opened or selected, or when its row was on show for some seconds in an open list of a window with focus.
 * What the first load of a view brings is no news.
 */
export class UnseenFailures extends Owner {
  readonly #unseen = new Set<string>();
  /** Since when the rows of unseen failures are on show. */
  #shown = new Map<string, number>();
  /** Failures from this time on are news, except the known ones. Undefined until the first load has ended. */
  #from: number | undefined;
  #known = new Set<string>();
  #followed: readonly unknown[] = [];
  readonly #checks = new Serial();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly session: Session,
    private readonly tree: EventTree,
    private readonly log: Log,
  ) {
    super();
    this.own(session.onDidLoad(() => this.#checkSoon()));
    this.own(session.onDidChange(() => this.#follow()));
    this.own(onDidChangeSetting(['autoRefreshSeconds'], () => this.#checkSoon()));
    this.own(
      tree.view.onDidChangeSelection(({ selection }) =>
        this.see(selection.flatMap((node) => (node.kind === 'event' ? [node.summary.key] : []))),
      ),
    );
    this.own({ dispose: () => clearInterval(this.#timer) });
  }

  /** These events were looked at. */
  see(keys: Iterable<string>): void {
    let seen = false;
    for (const key of keys) seen = this.#unseen.delete(key) || seen;
    if (seen) this.#show();
  }

  /** Begins anew where something else is looked at. */
  #follow(): void {
    const { choice, history, load } = this.session;
    const { range, query, resourceId } = choice;
    const followed = [
      history,
      JSON.stringify([range, query, resourceId]),
      load.cleared,
      setting('autoRefreshSeconds') > 0,
    ];
    if (followed.every((part, index) => part === this.#followed[index])) return;
    this.#followed = followed;
    this.#from = undefined;
    this.#known.clear();
    this.#unseen.clear();
    this.#show();
  }

  #checkSoon(): void {
    this.#follow();
    this.#checks
      .run(() => this.#check())
      .catch((error: unknown) => this.log.error('New failures cannot be counted', error));
  }

  async #check(): Promise<void> {
    const { history, load, view } = this.session;
    if (!history || !load.finished || setting('autoRefreshSeconds') === 0) return;
    const followed = this.#followed;
    const { to } = view.range;
    const from = this.#from ?? to - latest;
    const found = await failuresFrom(from, history, view);
    if (followed !== this.#followed) return;
    if (this.#from !== undefined) {
      for (const key of found.keys()) if (!this.#known.has(key)) this.#unseen.add(key);
    }
    // What is missing of these times may still come, and is news then.
    const isComplete = load.gaps.every((gap) => !intersect(gap.range, { from, to }));
    this.#from = isComplete ? to - latest : from;
    this.#known = new Set([...found].filter(([, time]) => time >= (this.#from ?? 0)).map(([key]) => key));
    this.#show();
  }

  #show(): void {
    const count = this.#unseen.size;
    const tooltip = count === 1 ? l10n.t('1 new failed event') : l10n.t('{0} new failed events', countText(count));
    this.tree.view.badge = count === 0 ? undefined : { value: count, tooltip };
    if (count > 0) this.#timer ??= setInterval(() => this.#lookOn(), lookInterval);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#shown.clear();
    }
  }

  /** Notes which failures are on show, and since when. */
  #lookOn(): void {
    const now = performance.now();
    const isLookedAt = this.tree.view.visible && window.state.focused;
    const shown = isLookedAt ? [...this.#unseen].filter((key) => this.tree.shows(key)) : [];
    this.#shown = new Map(shown.map((key) => [key, this.#shown.get(key) ?? now]));
    this.see([...this.#shown].filter(([, since]) => now - since >= look).map(([key]) => key));
  }
}

/** The failures of the view that happened at `from` or later, with their times. */
async function failuresFrom(from: number, history: History, view: View): Promise<Map<string, number>> {
  const range = { from: Math.max(from, view.range.from), to: view.range.to };
  const search: Search = view.search ? { type: 'and', items: [view.search, failed] } : failed;
  const found = new Map<string, number>();
  let after: string | undefined;
  do {
    const query = { view: { ...view, range, search }, within: range, after, limit: pageSize };
    const page = await history.list(query, new AbortController().signal);
    for (const { key, time } of page.items) found.set(key, time ?? from);
    after = page.next;
  } while (after !== undefined);
  return found;
}
