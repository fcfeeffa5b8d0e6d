import { EventEmitter, type Memento } from 'vscode';
import { presetRange, type Preset } from '../core/days';
import { isCancelled, UserError } from '../core/errors';
import { eventFields } from '../core/event';
import { Owner, type Disposable } from '../core/lifecycle';
import type { Log } from '../core/log';
import { message } from '../core/message';
import type { Range } from '../core/range';
import { parseSearch, type Search } from '../core/search';
import type { Counts, History, View } from '../history/history';
import type { Connection } from './connections';
import { Loading, type Load, type LoadState } from './loading';
import { setting } from './settings';

/** A range as chosen: relative to now, or exact. */
export type RangeChoice = { readonly preset: Preset } | Range;
export type Grouping = 'component' | 'day';

/** What of the history is looked at; remembered for each connection. */
export interface Choice {
  readonly range: RangeChoice;
  /** In the search language; '' = no filter. */
  readonly query: string;
  /** Only events that name this resource. */
  readonly resourceId?: string | undefined;
  readonly grouping: Grouping;
}

/** A connection with its history and its source open. */
export interface Opened extends Disposable {
  readonly history: History;
  readonly load: Load;
}

/** What the session needs of the world. */
export interface SessionPorts {
  /** Opens history and source of a connection. `waitForToken` resolves when requests may go on with a new token. */
  open(connection: Connection, waitForToken: (signal: AbortSignal) => Promise<void>): Promise<Opened>;
  /** Whether requests of this connection need a token that is not there. */
  tokenMissing(connection: Connection): boolean;
  /** Asks once for a new token and resolves when there is one. */
  askForToken(connection: Connection, signal: AbortSignal): Promise<void>;
}

const noCounts: Counts = { days: [], oldest: undefined, newest: undefined };
const second = 1000;

/** The active connection: what is looked at, what is stored of it, and the load that completes it. Views only read it. */
export class Session extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  /** Anything below changed. Fires often while loading: listeners slow themselves down. */
  readonly onDidChange = this.#changed.event;
  readonly #loading = this.own(new Loading());

  #connection: Connection | undefined;
  #opened: Opened | undefined;
  #opening: Promise<void> = Promise.resolve();
  #choice: Choice = { range: { preset: '30d' }, query: '', grouping: 'component' };
  #search: Search | undefined;
  #range: Range = { from: 0, to: 0 };
  #counts: Counts = noCounts;
  #counting: Promise<void> | undefined;
  #countAgain = false;

  constructor(
    private readonly ports: SessionPorts,
    private readonly memento: Memento,
    private readonly log: Log,
  ) {
    super();
    this.own(this.#loading.onDidChange(() => this.#changed.fire()));
    this.own(this.#loading.onDidStore(() => void this.recount()));
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
    return this.#loading.state;
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

  /** The history of the active connection. @throws UserError when no connection is active */
  async requireHistory(): Promise<History> {
    return (await this.#requireOpened()).history;
  }

  /** Makes `connection` the one that is shown, from what is stored; undefined closes. Nothing is requested yet. */
  open(connection: Connection | undefined): Promise<void> {
    this.#opening = this.#opening.catch(() => undefined).then(() => this.#open(connection));
    return this.#opening;
  }

  /** Loads what is new and what is missing; joins a load that runs. @throws when parts stay missing */
  async refresh(): Promise<void> {
    const opened = await this.#requireOpened();
    if (this.tokenMissing) throw new UserError(message('There is no token for this connection. Set a token first.'));
    if (!this.load.running) this.#freezeRange();
    await this.#loading.run((...args) => opened.load(...args), this.#range);
    await this.recount();
    const [gap] = this.load.gaps;
    if (gap) throw new UserError(gap.reason);
  }

  /** Like {@link refresh} for the places where the view itself says how it went. */
  async refreshQuietly(): Promise<void> {
    await this.#opening.catch(() => undefined);
    if (!this.#opened || this.tokenMissing) return;
    try {
      await this.refresh();
    } catch (error) {
      if (!isCancelled(error)) this.log.warn(`The load is not complete: ${String(error)}`);
    }
  }

  stopLoading(): void {
    void this.#loading.stop();
  }

  async setRange(range: RangeChoice): Promise<void> {
    await this.#requireOpened();
    await this.#choose({ range });
    await this.#loading.stop();
    this.#freezeRange();
    this.#loading.reset();
    await this.recount();
  }

  /** '' = no filter. @throws SearchError naming the place that cannot be read; the filter then stays as it was */
  async setFilter(query: string): Promise<void> {
    this.#search = await this.parse(query);
    await this.#choose({ query: query.trim(), resourceId: undefined });
    await this.recount();
  }

  /** Shows only the events that name `resourceId`; undefined shows all. */
  async setResource(resourceId: string | undefined): Promise<void> {
    await this.#requireOpened();
    this.#search = undefined;
    await this.#choose({ query: '', resourceId });
    await this.recount();
  }

  async setGrouping(grouping: Grouping): Promise<void> {
    await this.#choose({ grouping });
    this.#changed.fire();
  }

  /** @throws SearchError */
  async parse(query: string): Promise<Search | undefined> {
    return parse(query, await this.requireHistory());
  }

  /** Deletes the stored events of the connection. */
  async clear(): Promise<void> {
    const history = await this.requireHistory();
    await this.#loading.stop();
    await history.clear();
    this.#loading.reset(true);
    await this.recount();
  }

  /** Reads the counts again; several calls at once become one more count. */
  recount(): Promise<void> {
    this.#countAgain = true;
    this.#counting ??= this.#count().finally(() => (this.#counting = undefined));
    return this.#counting;
  }

  async #count(): Promise<void> {
    while (this.#countAgain) {
      this.#countAgain = false;
      const opened = this.#opened;
      const signal = new AbortController().signal;
      const counts = (await opened?.history.counts(this.view, setting('timeZone'), signal)) ?? noCounts;
      if (opened === this.#opened) this.#counts = counts;
    }
    this.#changed.fire();
  }

  async #requireOpened(): Promise<Opened> {
    await this.#opening;
    if (this.#opened) return this.#opened;
    throw new UserError(message('No connection is active. Set one up, or open the sample project.'));
  }

  async #open(connection: Connection | undefined): Promise<void> {
    await this.#close();
    this.#connection = connection;
    this.#loading.reset();
    this.#counts = noCounts;
    this.#search = undefined;
    if (connection) {
      const standard: Choice = { range: { preset: setting('defaultRange') }, query: '', grouping: 'component' };
      this.#choice = this.memento.get(choiceKey(connection), standard);
      this.#freezeRange();
      const waitForToken = (signal: AbortSignal): Promise<void> =>
        this.#loading.waitForToken(() => this.ports.askForToken(connection, signal));
      this.#opened = await this.ports.open(connection, waitForToken);
      await this.#restoreFilter(this.#opened.history);
    }
    await this.recount();
  }

  async #restoreFilter(history: History): Promise<void> {
    try {
      this.#search = await parse(this.#choice.query, history);
    } catch (error) {
      this.log.warn(`The remembered filter is dropped: ${String(error)}`);
      this.#choice = { ...this.#choice, query: '' };
    }
  }

  async #close(): Promise<void> {
    await this.#loading.stop();
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.dispose();
    await opened?.history.close();
  }

  #freezeRange(): void {
    const { range } = this.#choice;
    // Timestamps are whole seconds [spec]: the range takes in the second that is now.
    const now = (Math.floor(Date.now() / second) + 1) * second;
    this.#range = 'preset' in range ? presetRange(range.preset, now) : range;
  }

  async #choose(part: Partial<Choice>): Promise<void> {
    this.#choice = { ...this.#choice, ...part };
    if (this.#connection) await this.memento.update(choiceKey(this.#connection), this.#choice);
  }
}

async function parse(query: string, history: History): Promise<Search | undefined> {
  if (query.trim() === '') return undefined;
  return parseSearch(query, new Set([...eventFields, ...(await history.extraFields())]));
}

function choiceKey(connection: Connection): string {
  return `choice.${connection.id}`;
}
