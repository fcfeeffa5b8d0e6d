import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { presentText, type BodyOptions, type BodyPart } from '../core/event/body';
import type { ActivityEvent } from '../core/event/event';
import { comparedPart } from '../core/event/comparedPart';
import type { FieldChange } from '../core/event/fieldChanges';
import { gone } from '../core/event/gone';
import type { Message } from '../core/base/message';
import { Serial } from '../core/base/serial';
import type { Range } from '../core/time/range';
import { redactEvent, redactSummary } from '../core/event/redactEvent';
import { forgetFuture } from './query/forgetFuture';
import { requesterKey, type Requester } from '../core/openstack/requester';
import type { HistoryLocation, HistoryOpened } from '../protocol/history';
import { bodyLimits } from '../protocol/panel';
import { connect } from '../protocol/rpc';
import { portOf } from '../protocol/workerPort';
import {
  loaderMethods,
  type Arrivals,
  type History,
  type List,
  type ListQuery,
  type Neighbours,
  type OpenableHistory,
  type PanelAnswer,
  type PanelQuestion,
} from './history';
import { findArrivals } from './db/arrivals';
import { assemble, storeBatch, type AllParts } from './assemble';
import type { Batch } from './store/batch';
import { acquireLease, releaseLease, renewLease } from './db/lease';
import { removeAside } from './db/asideFiles';
import { readCoverage } from './db/coverage';
import { databaseSize } from './db/databaseSize';
import { readMetadata, writeMetadata } from './db/metadata';
import { isFull } from './db/failures';
import { free } from './store/free';
import { HistoryFile } from './db/historyFile';
import { compareBodies } from './query/comparison';
import { readPanelEvent } from './query/panelEvent';
import type { FoundEvent } from './query/reader';
import { findRelated } from './query/related';
import { clearEvents, trimEvents } from './query/retention';
import { SecondThread } from './query/secondThread';
import { readTimeline } from './query/timeline';

/** How long after the last page what waits to be merged is. */
const idleMs = 2_000;

interface LocalHistoryPorts {
  /** See HistoryListener. */
  readonly onLost?: (notice: Message | undefined) => void;
  /** The worker of a thread that helps to search; where left out, all searching is done on this one. */
  readonly finderPath?: string;
}

/** The history on this thread; the worker offers it to others. Nothing but `open` may be called first. */
export class LocalHistory implements OpenableHistory {
  #file: HistoryFile | undefined;
  #parts: AllParts | undefined;
  #version: unknown;
  #idle: NodeJS.Timeout | undefined;
  readonly #stores = new Serial();
  #requester = '';
  /** Who this one is to other windows: a lease that it could not take back, on a full disk, does not stand in its own way. */
  readonly #owner = randomUUID();
  readonly presentText = async (text: string, options: BodyOptions): Promise<string> => presentText(text, options);
  readonly counts: History['counts'] = (...asked) => this.#run(({ counter }) => counter.count(...asked));
  readonly countPart: History['countPart'] = (...asked) => this.#run(({ counter }) => counter.countPart(...asked));
  readonly quarters: History['quarters'] = (...asked) => this.#run(({ counter }) => counter.countQuarters(...asked));
  readonly list: History['list'] = (...asked) => this.#run(({ reader }) => reader.list(...asked));
  readonly activity: History['activity'] = (...asked) => this.#run(({ resources }) => resources.activity(...asked));
  readonly summary: History['summary'] = (key, redact = false) =>
    this.#about(key, (_, { summary, record }) => (redact ? redactSummary(summary, record) : summary));
  readonly event: History['event'] = (key) => this.#about(key, (_, { summary, record }) => ({ summary, record }));
  readonly story: History['story'] = (key) => this.#about(key, ({ reader }, found) => reader.story(found));
  readonly body: History['body'] = (...asked) => this.#run(({ bodies }) => bodies.whole(...asked));
  readonly bodyUpTo: History['bodyUpTo'] = (...asked) => this.#run(({ bodies }) => bodies.upTo(...asked));
  readonly bodyBeginning: History['bodyBeginning'] = (...asked) =>
    this.#run(({ bodies }) => bodies.beginning(...asked));
  readonly reveal: History['reveal'] = (...asked) => this.#run(({ bodies }) => bodies.reveal(...asked));
  readonly timeline: History['timeline'] = (...asked) => this.#run((parts) => readTimeline(parts, ...asked));
  readonly related: History['related'] = (...asked) => this.#run((parts) => findRelated(parts, ...asked));
  readonly compare: History['compare'] = (...asked) =>
    this.#run(({ reader, database }) => {
      const coverage = (stream: string): Range[] => readCoverage(database, stream, this.#requester);
      return compareBodies(reader, coverage, ...asked);
    });

  constructor(private readonly ports: LocalHistoryPorts = {}) {}

  async open({ file }: HistoryLocation): Promise<HistoryOpened> {
    this.#file = new HistoryFile(file, this.ports.onLost ?? (() => undefined));
    const { notices, access } = this.#file.open();
    return Promise.resolve({ notices, inMemory: access === 'memory' });
  }

  async serveLoader(port: MessagePort): Promise<void> {
    const methods = Object.fromEntries(loaderMethods.map((name) => [name, this[name].bind(this)]));
    const store: History['store'] = (batch, ...rest) => this.store(batch, ...rest).finally(() => free(batch.bytes));
    const { dispose } = connect(portOf(port), { ...methods, store });
    port.once('close', () => dispose());
  }

  store(batch: Batch, stream: string, complete: Range | undefined, chain?: number): Promise<number> {
    const requester = this.#requester;
    const store = () => this.#write((parts) => storeBatch(parts, batch, stream, requester, complete, chain));
    // Questions that came meanwhile are answered before the next page.
    return this.#stores.run(() => nextTurn().then(store)).finally(() => this.#tidyWhenIdle());
  }

  async setRequester(requester: Requester | undefined): Promise<void> {
    this.#requester = requesterKey(requester);
  }

  coverage(stream: string, byAnyone = false): Promise<readonly Range[]> {
    return this.#run(({ database }) => readCoverage(database, stream, byAnyone ? '' : this.#requester));
  }

  arrivals(after: number, range: Range): Promise<Arrivals> {
    return this.#run(({ database }) => findArrivals(database, after, range));
  }

  forgetFuture(now: number): Promise<void> {
    return this.#write(({ database, counter }) => forgetFuture(database, counter, now));
  }

  acquireLease(expired: string | undefined): Promise<string | undefined> {
    return this.#write(({ database }) => acquireLease(database, this.#owner, expired));
  }

  renewLease(): Promise<boolean> {
    return this.#write(({ database }) => renewLease(database, this.#owner));
  }

  releaseLease(): Promise<void> {
    return this.#write(({ database }) => releaseLease(database, this.#owner));
  }

  records(query: ListQuery, { redact }: { redact: boolean }, signal: AbortSignal): Promise<List<ActivityEvent>> {
    return this.#run(async ({ reader }) => {
      const { items, next } = await reader.records(query, signal);
      return { items: redact ? items.map(redactEvent) : items, next };
    });
  }

  async changes(key: string): Promise<readonly FieldChange[]> {
    return (await this.#about(key, ({ reader }, found) => reader.changes(found))) ?? [];
  }

  async panelEvent(question: PanelQuestion): Promise<PanelAnswer | undefined> {
    const answer = await this.#run(({ reader }) => readPanelEvent(reader, question));
    const { key, first, shown } = question;
    if (answer && first && !answer.first) {
      const options = { pretty: first.pretty, redact: shown.redact };
      // First the answer: this takes a while.
      setImmediate(() => void this.bodyBeginning(key, first.part, options, bodyLimits).catch(() => undefined));
    }
    return answer;
  }

  comparedPart(left: string, right: string): Promise<BodyPart> {
    return this.#run(({ reader }) => {
      const records = [left, right].map((key) => (reader.find(key) ?? gone()).record);
      return comparedPart(records) ?? 'event';
    });
  }

  async neighbours(key: string, resourceId: string | undefined, limit: number): Promise<Neighbours> {
    const found = await this.#about(key, ({ reader }, found) => reader.around(found, resourceId, limit));
    return found ?? { previous: [], next: [] };
  }

  extraFields(): Promise<readonly string[]> {
    return this.#run(({ database }) => {
      const rows = database.prepare('SELECT name FROM fields ORDER BY name').all();
      return rows.map((row) => String(row['name']));
    });
  }

  metadata(name: string): Promise<string | undefined> {
    return this.#run(({ database }) => readMetadata(database, name));
  }

  setMetadata(name: string, value: string): Promise<void> {
    return this.#write(({ database }) => writeMetadata(database, name, value));
  }

  trim(time: number): Promise<number> {
    return this.#write((parts) => trimEvents(parts, time));
  }

  size(): Promise<number> {
    return this.#run(({ database }) => databaseSize(database, this.#file?.place));
  }

  clear(): Promise<void> {
    return this.#write(({ database, store, resources }) => {
      const file = this.#file;
      try {
        clearEvents(database);
      } catch (error) {
        // Even deleting rows takes some room.
        if (file?.place === undefined || !isFull(error, file.place)) throw error;
        file.deleteAll();
      }
      store.forget();
      resources.forget();
      if (file?.place !== undefined) removeAside(file.place);
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#parts?.secondThread?.dispose();
    this.#file?.close();
    this.#file = undefined;
  }

  #tidyWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (!this.#file) return;
      const tidy = this.#run(({ database, lookups }) => {
        lookups.merge();
        // Not worth waiting for other windows.
        const checkpoint = 'PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 10000';
        if (database.isOpen) database.exec(checkpoint);
      });
      // What fails now is done after the next load.
      tidy.catch(() => undefined);
    }, idleMs).unref();
  }

  /** What `answer` says of an event; undefined where there is no such event. */
  #about<T>(key: string, answer: (parts: AllParts, found: FoundEvent) => T): Promise<T | undefined> {
    return this.#run((parts) => {
      const found = parts.reader.find(key);
      return found && answer(parts, found);
    });
  }

  /** Every use of the database: notices what other windows changed, and puts failures into words. */
  async #run<T>(work: (parts: AllParts) => T | Promise<T>, how: 'database' | 'writable' = 'database'): Promise<T> {
    const file = this.#file;
    if (!file) throw new Error('The history is not open');
    const database = file[how]();
    try {
      const parts = (this.#parts = this.#assemble(database, file.place));
      const version = database.prepare('PRAGMA data_version').get()?.['data_version'];
      if (version !== this.#version) {
        parts.store.forget();
        parts.resources.forget();
        this.#version = version;
      }
      return await work(parts);
    } catch (error) {
      throw file.explain(error, database);
    }
  }

  #assemble(database: DatabaseSync, place: string | undefined): AllParts {
    if (database === this.#parts?.database) return this.#parts;
    this.#parts?.secondThread?.dispose();
    const { finderPath } = this.ports;
    const helps = finderPath !== undefined && place !== undefined;
    return assemble(database, helps ? new SecondThread(finderPath, place) : undefined);
  }

  #write<T>(work: (parts: AllParts) => T | Promise<T>): Promise<T> {
    return this.#run(work, 'writable');
  }
}
