import { EventEmitter } from 'vscode';
import { isCancelled, UserError } from '../../core/base/errors';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { message } from '../../core/base/message';
import { Serial } from '../../core/base/serial';
import type { Missing } from '../../core/time/missing';
import type { Range } from '../../core/time/range';
import { requesterKey, type Requester } from '../../core/openstack/requester';
import type { Search } from '../../core/search/search';
import type { History, View } from '../../history/history';
import { rangeOf, viewOf, type Choice, type Choices, type Grouping, type RangeChoice } from './choices';
import type { Connection } from '../connections/connections';
import { Completeness } from './completeness';
import { Counting, noCounts } from './counting';
import { countView, type ViewCounts } from './countView';
import { Loading, type LoadState } from './loading';
import { noConnection, noToken } from './noConnection';
import type { Opened, SessionPorts } from './opened';
import { parseFilter, restoreFilter } from './parseFilter';
import { setting } from '../ui/settings';

/** The active connection: what is looked at, what is stored of it, and the load that completes it. Views only read it. */
export class Session extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  /** Anything below changed. Fires often while loading: listeners slow themselves down. */
  readonly onDidChange = this.#changed.event;
  readonly #loading = this.own(new Loading());
  readonly #counting: Counting;
  readonly #completeness = new Completeness();
  /** A load has ended, however. */
  readonly onDidLoad = this.#loading.onDidEnd;

  #connection: Connection | undefined;
  #opened: Opened | undefined;
  readonly #openings = new Serial();
  #opening: Promise<void> = Promise.resolve();
  #pending = 0;
  /** The connection could not be opened; it is tried again with the next quiet refresh. */
  #failed = false;
  #choice: Choice;
  #search: Search | undefined;
  #range: Range = { from: 0, to: 0 };

  constructor(
    private readonly ports: SessionPorts,
    private readonly choices: Choices,
    private readonly log: Log,
  ) {
    super();
    this.#choice = choices.of(undefined);
    this.#counting = this.own(new Counting((onPart, signal) => this.#count(onPart, signal), log));
    this.own(this.#loading.onDidChange(() => this.#changed.fire()));
    this.own(this.#counting.onDidChange(() => this.#changed.fire()));
    this.own(this.#loading.onDidStore(() => this.#counting.recountSoon()));
    this.own({ dispose: () => void this.#close() });
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }
  get history(): History | undefined {
    return this.#opened?.history;
  }
  get choice(): Choice {
    return this.#choice;
  }
  /** The chosen range in UTC milliseconds, as of the last load. */
  get range(): Range {
    return this.#range;
  }
  get counts(): ViewCounts {
    return this.#counting.counts;
  }
  /** Whether older events of the view are still to be counted. */
  get searching(): boolean {
    return this.#counting.isPartial;
  }
  get load(): LoadState {
    return this.#loading.state;
  }
  /** What of the range is not proven to be there, newest first; all of it until that is known. */
  get missing(): readonly Missing[] {
    if (!this.#opened) return this.load.gaps;
    return this.#completeness.missing(this.#range, this.load, requesterKey(this.requester), this.tokenMissing);
  }
  /** As whom the log was last asked, which is what it is complete for; undefined where that is not known. */
  get requester(): Requester | undefined {
    return this.#opened?.requester;
  }
  /** Whether all of the range is proven to be there. */
  get complete(): boolean {
    return this.#opened !== undefined && !this.opening && this.missing.length === 0;
  }
  /** How many streams the connection is loaded in. */
  get streams(): number {
    return this.#completeness.streams;
  }
  /** Whether the history is gone when it is closed. */
  get inMemory(): boolean {
    return this.#opened?.inMemory === true;
  }
  get filtered(): boolean {
    const { search, resourceId, resources } = this.view;
    return (search ?? resourceId ?? resources) !== undefined;
  }
  get view(): View {
    return viewOf(this.#choice, this.#range, this.#search);
  }
  /** A connection is being opened. */
  get opening(): boolean {
    return this.#pending > 0;
  }
  get tokenMissing(): boolean {
    return this.#connection !== undefined && this.ports.tokenMissing(this.#connection);
  }

  /** Even one that could not be opened. @throws UserError when none is active */
  async requireConnection(): Promise<Connection> {
    await this.#opening.catch(() => undefined);
    return this.#connection ?? noConnection();
  }

  /** The history of the active connection. @throws UserError when no connection is active */
  async requireHistory(): Promise<History> {
    return (await this.#requireOpened()).history;
  }

  /** Takes over what changed of the open connection while it stays open. */
  update(connection: Connection | undefined): void {
    if (connection === undefined || connection.id !== this.#connection?.id) return;
    this.#connection = connection;
    this.#changed.fire();
  }

  /** Makes `connection` the one that is shown, from what is stored; undefined closes. Nothing is requested yet. */
  open(connection: Connection | undefined): Promise<void> {
    this.#failed = false;
    this.#pending++;
    return (this.#opening = this.#openings
      .run(() => this.#open(connection))
      .finally(() => {
        this.#pending--;
        this.#changed.fire();
      }));
  }

  /** Loads what is new or missing, and `again` in any case; joins a load that runs. @throws when parts stay missing */
  async refresh(background = false, again?: Partial<Range>): Promise<void> {
    const opened = await this.#requireOpened();
    if (again) await this.#loading.ended();
    if (this.tokenMissing) noToken();
    if (!this.load.running) this.#freezeRange();
    try {
      await this.#loading.run((range, ...rest) => opened.load(range, again, ...rest), this.#range, background);
    } finally {
      await this.recount();
    }
    const [gap] = this.load.gaps;
    if (gap) throw new UserError(gap.reason);
  }

  /** Like {@link refresh} for the places where the view itself says how it went. */
  async refreshQuietly(background = false): Promise<void> {
    try {
      await this.#opening.catch(() => undefined);
      if (this.#failed) await this.open(this.#connection);
      if (!this.#opened || this.tokenMissing) return;
      await this.refresh(background);
    } catch (error) {
      if (!isCancelled(error)) this.log.warn(`The load is not complete: ${String(error)}`);
    }
  }

  /** Ends the load that runs; what it did not reach is shown as missing. */
  stopLoading(): Promise<void> {
    return this.#loading.stop(message('Loading was stopped.'));
  }

  async setRange(range: RangeChoice): Promise<void> {
    await this.#requireOpened();
    await this.#choose({ range });
    await this.#loading.stop();
    this.#freezeRange();
    this.#loading.reset();
    await this.#counting.restart();
  }

  /** '' = no filter. @throws SearchError naming the place that cannot be read; the filter then stays as it was */
  async setFilter(query: string): Promise<void> {
    let opened: Opened;
    let search: Search | undefined;
    do {
      opened = await this.#requireOpened();
      search = await parseFilter(query, opened.history);
    } while (opened !== this.#opened);
    this.#search = search;
    await this.#choose({ query: query.trim(), resourceId: undefined, code: undefined });
    await this.#counting.restart();
  }

  /** Shows only the events of a resource, or of code; of nothing: all. */
  async setSubject({ resourceId, code }: Pick<Choice, 'resourceId' | 'code'>): Promise<void> {
    await this.#requireOpened();
    this.#search = undefined;
    await this.#choose({ query: '', resourceId, code });
    await this.#counting.restart();
  }

  async setGrouping(grouping: Grouping): Promise<void> {
    await this.#requireOpened();
    await this.#choose({ grouping });
    this.#changed.fire();
  }

  /** Deletes the stored events of the connection. */
  async clear(): Promise<void> {
    const history = await this.requireHistory();
    await this.#loading.stop();
    await history.clear();
    this.#completeness.reset();
    this.#loading.reset(true);
    await this.#counting.restart();
  }

  recount(): Promise<void> {
    return this.#counting.recount();
  }

  /** Undefined where the history was closed meanwhile: it matters no more. */
  async #count(onPart: (counts: ViewCounts) => void, signal: AbortSignal): Promise<ViewCounts | undefined> {
    const opened = this.#opened;
    if (!opened) return noCounts;
    try {
      // In this order, so that no claim is ahead of the counts.
      const covered = await opened.coverage(signal);
      const counts = await countView(opened.history, this.view, setting('timeZone'), onPart, signal);
      if (opened !== this.#opened) return undefined;
      this.#completeness.know(covered);
      return counts;
    } catch (error) {
      if (opened === this.#opened) throw error;
      return undefined;
    }
  }

  async #requireOpened(): Promise<Opened> {
    await this.#opening;
    return this.#opened ?? noConnection();
  }

  async #open(connection: Connection | undefined): Promise<void> {
    await this.#close();
    this.#connection = connection;
    this.#completeness.reset();
    this.#loading.reset();
    this.#search = undefined;
    this.#choice = this.choices.of(connection);
    this.#freezeRange();
    try {
      if (connection) await this.#openHistory(connection);
    } catch (error) {
      this.#failed = true;
      this.#loading.fail(this.#range, error);
      throw error;
    } finally {
      await this.#counting.restart();
    }
  }

  async #openHistory(connection: Connection): Promise<void> {
    const waitForToken = (signal: AbortSignal): Promise<void> =>
      this.#loading.waitForToken(() => this.ports.askForToken(connection, signal));
    const opened = await this.ports.open(connection, this.#range, waitForToken);
    this.#opened = opened;
    // A saved log is opened whole.
    if (opened.range) this.#choice = { ...this.#choice, range: opened.range };
    this.#freezeRange();
    const { query, search } = await restoreFilter(this.#choice.query, opened.history, this.ports.say);
    this.#choice = { ...this.#choice, query };
    this.#search = search;
  }

  async #close(): Promise<void> {
    await this.#loading.stop();
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.dispose();
    await opened?.history.close().catch((error: unknown) => this.log.error('A history did not close well', error));
  }

  #freezeRange(): void {
    this.#range = rangeOf(this.#choice.range, Date.now());
  }

  async #choose(part: Partial<Choice>): Promise<void> {
    this.#choice = { ...this.#choice, ...part };
    if (this.#connection) await this.choices.keep(this.#connection, this.#choice);
  }
}
