import { EventEmitter, type Memento } from 'vscode';
import { presetRange, type Preset } from '../core/days';
import { isCancelled, RequestError, UserError } from '../core/errors';
import { Owner } from '../core/lifecycle';
import type { Log } from '../core/log';
import { message } from '../core/message';
import type { Range } from '../core/range';
import { parseSearch, type Search } from '../core/search';
import { eventFields } from '../core/event';
import type { EventSource } from '../core/source';
import type { Counts, History, View } from '../history/history';
import type { Gap, LoadProgress, LoadResult } from '../history/loader';
import type { Disposable } from '../core/lifecycle';
import type { Connection } from './connections';
import { setting } from './settings';

/** A range as chosen: relative to now, or exact. */
export type RangeChoice = { readonly preset: Preset } | Range;
export type Grouping = 'component' | 'day';

/** What of the history is looked at; remembered for each connection. */
interface Choice {
  readonly range: RangeChoice;
  readonly query: string;
  readonly resourceId?: string | undefined;
  readonly grouping: Grouping;
}

/** The active connection, opened. */
export interface Opened extends Disposable {
  readonly history: History;
  readonly source: EventSource;
  load(range: Range, onProgress: (progress: LoadProgress) => void, signal: AbortSignal): Promise<LoadResult>;
}

/** What the session needs of the world; the composition root supplies it. */
export interface SessionPorts {
  /** Opens history and source of a connection. `waitForToken` resolves when requests may go on with a new token. */
  open(connection: Connection, waitForToken: (signal: AbortSignal) => Promise<void>): Promise<Opened>;
  /** Whether requests of this connection need a token that is not there. */
  tokenMissing(connection: Connection): boolean;
  /** Asks once for a new token and resolves when there is one. */
  askForToken(connection: Connection, signal: AbortSignal): Promise<void>;
}

export interface LoadState {
  readonly running: boolean;
  readonly waitingForToken: boolean;
  /** The range was loaded to its end since it was chosen, apart from `gaps`. */
  readonly finished: boolean;
  readonly cleared: boolean;
  readonly received: number;
  readonly unreadable: number;
  readonly gaps: readonly Gap[];
}

const atRest: LoadState = {
  running: false,
  waitingForToken: false,
  finished: false,
  cleared: false,
  received: 0,
  unreadable: 0,
  gaps: [],
};

const noCounts: Counts = { days: [], oldest: undefined, newest: undefined };

/** The active connection: what is looked at, what is stored of it, and the load that completes it. Views only read it. */
export class Session extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  /** Anything below changed. Fires often while loading: listeners slow themselves down. */
  readonly onDidChange = this.#changed.event;

  #connection: Connection | undefined;
  #opened: Opened | undefined;
  #choice: Choice = { range: { preset: '30d' }, query: '', grouping: 'component' };
  #search: Search | undefined;
  #range: Range = { from: 0, to: 0 };
  #counts: Counts = noCounts;
  #load: LoadState = atRest;
  #running: { readonly abort: AbortController; readonly promise: Promise<void> } | undefined;
  #counting: Promise<void> | undefined;
  #countAgain = false;
  #opening: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: SessionPorts,
    private readonly memento: Memento,
    private readonly log: Log,
  ) {
    super();
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
  get counts(): Counts {
    return this.#counts;
  }
  get load(): LoadState {
    return this.#load;
  }
  get filtered(): boolean {
    return this.#search !== undefined || this.#choice.resourceId !== undefined;
  }
  get view(): View {
    return { range: this.#range, search: this.#search, resourceId: this.#choice.resourceId };
  }
  get tokenMissing(): boolean {
    return this.#connection !== undefined && this.ports.tokenMissing(this.#connection);
  }

  /** The opened history. @throws UserError when no connection is active. */
  async requireHistory(): Promise<History> {
    await this.#opening;
    if (!this.#opened) {
      throw new UserError(message('No connection is active. Set one up, or open the sample project.'));
    }
    return this.#opened.history;
  }

  /** Makes `connection` the one that is shown, from what is stored; undefined closes. Nothing is requested yet. */
  open(connection: Connection | undefined): Promise<void> {
    const opening = this.#opening.catch(() => undefined).then(() => this.#open(connection));
    this.#opening = opening;
    return opening;
  }

  /** Loads what is new and what is missing. Joins a load that runs. @throws when parts stay missing */
  async refresh(): Promise<void> {
    await this.requireHistory();
    if (this.tokenMissing) throw new UserError(message('There is no token for this connection. Set a token first.'));
    await (this.#running ?? this.#start()).promise;
    const [gap] = this.#load.gaps;
    if (gap) throw new UserError(gap.error.text, { cause: gap.error });
  }

  /** Like {@link refresh} for the places where the view itself says how it went. */
  async refreshQuietly(): Promise<void> {
    if (!this.#opened || this.tokenMissing) return;
    try {
      await this.refresh();
    } catch (error) {
      if (!isCancelled(error)) this.log.info(`Load: ${String(error)}`);
    }
  }

  stopLoading(): void {
    this.#running?.abort.abort();
  }

  async setRange(range: RangeChoice): Promise<void> {
    await this.requireHistory();
    await this.#choose({ range });
    await this.#stop();
    this.#freezeRange();
    this.#update({ ...atRest });
    await this.recount();
  }

  /** @throws SearchError naming the place that cannot be read; the filter then stays as it was */
  async setFilter(query: string): Promise<void> {
    const search = await this.parse(query);
    await this.#choose({ query, resourceId: undefined });
    this.#search = search;
    await this.recount();
  }

  /** Shows only the events that name `resourceId`. */
  async setResource(resourceId: string): Promise<void> {
    await this.requireHistory();
    await this.#choose({ query: '', resourceId });
    this.#search = undefined;
    await this.recount();
  }

  async clearFilter(): Promise<void> {
    await this.#choose({ query: '', resourceId: undefined });
    this.#search = undefined;
    await this.recount();
  }

  async setGrouping(grouping: Grouping): Promise<void> {
    await this.#choose({ grouping });
    this.#changed.fire();
  }

  async parse(query: string): Promise<Search | undefined> {
    const history = await this.requireHistory();
    if (query.trim() === '') return undefined;
    return parseSearch(query, new Set([...eventFields, ...(await history.extraFields())]));
  }

  /** Deletes the stored events of the connection. */
  async clear(): Promise<void> {
    const history = await this.requireHistory();
    await this.#stop();
    await history.clear();
    this.#update({ ...atRest, cleared: true });
    await this.recount();
  }

  /** Reads the counts again; several calls at once become one more count. */
  recount(): Promise<void> {
    if (this.#counting) {
      this.#countAgain = true;
      return this.#counting;
    }
    this.#counting = this.#count().finally(() => (this.#counting = undefined));
    return this.#counting;
  }

  async #count(): Promise<void> {
    do {
      this.#countAgain = false;
      const opened = this.#opened;
      const counts = opened
        ? await opened.history.counts(this.view, setting('timeZone'), new AbortController().signal)
        : noCounts;
      if (opened === this.#opened) this.#counts = counts;
      this.#changed.fire();
    } while (this.#countAgain);
  }

  async #open(connection: Connection | undefined): Promise<void> {
    await this.#close();
    this.#connection = connection;
    this.#load = atRest;
    this.#counts = noCounts;
    this.#search = undefined;
    if (connection) {
      this.#choice = this.memento.get(choiceKey(connection), {
        range: { preset: setting('defaultRange') },
        query: '',
        grouping: 'component',
      });
      this.#freezeRange();
      this.#opened = await this.ports.open(connection, (signal) => this.#waitForToken(connection, signal));
      this.#search = await this.#rememberedSearch(this.#opened.history);
    }
    await this.recount();
  }

  async #rememberedSearch(history: History): Promise<Search | undefined> {
    if (this.#choice.query === '') return undefined;
    try {
      return parseSearch(this.#choice.query, new Set([...eventFields, ...(await history.extraFields())]));
    } catch (error) {
      this.log.warn(`The remembered filter is dropped: ${String(error)}`);
      this.#choice = { ...this.#choice, query: '' };
      return undefined;
    }
  }

  async #close(): Promise<void> {
    await this.#stop();
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.dispose();
    await opened?.history.close();
  }

  #start(): { readonly abort: AbortController; readonly promise: Promise<void> } {
    const abort = new AbortController();
    const running = { abort, promise: this.#run(abort.signal).finally(() => this.#ended(running)) };
    this.#running = running;
    return running;
  }

  #ended(running: unknown): void {
    if (this.#running === running) this.#running = undefined;
    this.#update({ running: false, waitingForToken: false });
  }

  async #run(signal: AbortSignal): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    this.#freezeRange();
    this.#update({ ...atRest, running: true, finished: this.#load.finished });
    const onProgress = (progress: LoadProgress): void => {
      if (signal.aborted) return;
      this.#update({ received: progress.events, unreadable: progress.unreadable });
      void this.recount();
    };
    try {
      const { gaps, unreadable } = await opened.load(this.#range, onProgress, signal);
      this.#update({ gaps, unreadable, finished: true });
    } catch (error) {
      if (!isCancelled(error)) this.#update({ gaps: [this.#wholeGap(error)] });
      throw error;
    } finally {
      if (opened === this.#opened) await this.recount();
    }
  }

  #wholeGap(error: unknown): Gap {
    const cause =
      error instanceof RequestError
        ? error
        : new RequestError('server', message('Loading failed: {0}', String(error)), { cause: error });
    return { stream: '', range: this.#range, error: cause };
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.abort.abort();
    await running.promise.catch(() => undefined);
  }

  async #waitForToken(connection: Connection, signal: AbortSignal): Promise<void> {
    this.#update({ waitingForToken: true });
    try {
      await this.ports.askForToken(connection, signal);
    } finally {
      this.#update({ waitingForToken: false });
    }
  }

  #freezeRange(): void {
    const { range } = this.#choice;
    // Timestamps are whole seconds [spec]: the range takes in the second that is now.
    const now = (Math.floor(Date.now() / 1000) + 1) * 1000;
    this.#range = 'preset' in range ? presetRange(range.preset, now) : range;
  }

  async #choose(part: Partial<Choice>): Promise<void> {
    this.#choice = { ...this.#choice, ...part };
    if (this.#connection) await this.memento.update(choiceKey(this.#connection), this.#choice);
  }

  #update(part: Partial<LoadState>): void {
    this.#load = { ...this.#load, ...part };
    this.#changed.fire();
  }
}

function choiceKey(connection: Connection): string {
  return `choice.${connection.id}`;
}
