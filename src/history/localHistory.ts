import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { presentText, type Body, type BodyOptions, type BodyPart, type BodyUpTo } from '../core/event/body';
import type { ActivityEvent, EventSummary } from '../core/event/event';
import type { FieldChange } from '../core/event/fieldChanges';
import { tellEvent, type EventStory } from '../core/narrative/eventStory';
import { completeStory } from '../core/narrative/resourceName';
import type { Message } from '../core/base/message';
import { Serial } from '../core/base/serial';
import { namedResources, type NamedResource } from '../core/event/namedResources';
import type { Range } from '../core/time/range';
import { redactEvent } from '../core/event/redactEvent';
import { forgetFuture } from './query/forgetFuture';
import { requesterKey, type Requester } from '../core/openstack/requester';
import type { HistoryLocation, HistoryOpened } from '../protocol/history';
import { connect } from '../protocol/rpc';
import { portOf } from '../protocol/workerPort';
import {
  loaderMethods,
  type Arrivals,
  type Activity,
  type BodyLimits,
  type Counts,
  type CountsPart,
  type Cursor,
  type History,
  type List,
  type ListQuery,
  type Neighbours,
  type OpenableHistory,
  type QuarterCount,
  type ResourceGroup,
  type View,
} from './history';
import { findArrivals } from './db/arrivals';
import { assemble, storeBatch, type AllParts } from './assemble';
import type { Batch } from './db/batch';
import { claimLoad, releaseLoad, renewLoad } from './db/claim';
import { removeAside } from './db/asideFiles';
import { readCoverage } from './db/coverage';
import { databaseSize } from './db/databaseSize';
import { readFact, writeFact } from './db/facts';
import { isFull } from './db/failures';
import { free } from './db/free';
import { HistoryFile } from './db/historyFile';
import { clearEvents, trimEvents } from './query/retention';
import { SecondThread } from './query/secondThread';

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
  /** Who this one is to other windows: a claim that it could not take back, on a full disk, does not stand in its own way. */
  readonly #owner = randomUUID();
  readonly presentText = async (text: string, options: BodyOptions): Promise<string> => presentText(text, options);

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

  claimLoad(expired: string | undefined): Promise<string | undefined> {
    return this.#write(({ database }) => claimLoad(database, this.#owner, expired));
  }

  renewLoad(): Promise<boolean> {
    return this.#write(({ database }) => renewLoad(database, this.#owner));
  }

  releaseLoad(): Promise<void> {
    return this.#write(({ database }) => releaseLoad(database, this.#owner));
  }

  counts(view: View, zone: 'local' | 'utc', signal: AbortSignal): Promise<Counts> {
    return this.#run(({ counter }) => counter.count(view, zone, signal));
  }

  countPart(view: View, zone: 'local' | 'utc', after: Cursor | undefined, signal: AbortSignal): Promise<CountsPart> {
    return this.#run(({ counter }) => counter.countPart(view, zone, after, signal));
  }

  quarters(view: View, source: string, within: Range, signal: AbortSignal): Promise<readonly QuarterCount[]> {
    return this.#run(({ counter }) => counter.countQuarters(view, source, within, signal));
  }

  list(query: ListQuery, signal: AbortSignal): Promise<List<EventSummary>> {
    return this.#run(({ reader }) => reader.list(query, signal));
  }

  records(query: ListQuery, { redact }: { redact: boolean }, signal: AbortSignal): Promise<List<ActivityEvent>> {
    return this.#run(async ({ reader }) => {
      const { items, next } = await reader.records(query, signal);
      return { items: redact ? items.map(redactEvent) : items, next };
    });
  }

  activity(groups: readonly ResourceGroup[], range: Range, signal: AbortSignal): Promise<readonly Activity[]> {
    return this.#run(({ resources }) => resources.activity(groups, range, signal));
  }

  changes(key: string): Promise<readonly FieldChange[]> {
    return this.#run(({ reader }) => reader.changes(key));
  }

  summary(key: string, redact = false): Promise<EventSummary | undefined> {
    return this.#run(({ reader }) => reader.summary(key, redact));
  }

  event(key: string): Promise<{ summary: EventSummary; record: ActivityEvent } | undefined> {
    return this.#run(({ reader }) => reader.event(key));
  }

  story(key: string): Promise<EventStory | undefined> {
    return this.#run(({ reader }) => {
      const found = reader.event(key);
      return found && completeStory(tellEvent(found.record), found.record, reader.statedAround(key));
    });
  }

  body(key: string, part: BodyPart, options: BodyOptions): Promise<Body | undefined> {
    return this.#run(({ bodies }) => bodies.whole(key, part, options));
  }

  bodyUpTo(key: string, part: BodyPart, options: BodyOptions, longest: number): Promise<BodyUpTo | undefined> {
    return this.#run(({ bodies }) => bodies.upTo(key, part, options, longest));
  }

  bodyBeginning(key: string, part: BodyPart, options: BodyOptions, limits: BodyLimits): Promise<BodyUpTo | undefined> {
    return this.#run(({ bodies }) => bodies.beginning(key, part, options, limits));
  }

  reveal(key: string, part: BodyPart, options: BodyOptions, index: number): Promise<string | undefined> {
    return this.#run(({ bodies }) => bodies.reveal(key, part, options, index));
  }

  neighbours(key: string, resourceId: string | undefined, limit: number): Promise<Neighbours> {
    return this.#run(({ reader }) => reader.neighbours(key, resourceId, limit));
  }

  resources(key: string): Promise<readonly NamedResource[]> {
    return this.#run(({ reader }) => {
      const found = reader.event(key);
      return found ? namedResources(found.record) : [];
    });
  }

  extraFields(): Promise<readonly string[]> {
    return this.#run(({ database }) => {
      const rows = database.prepare('SELECT name FROM fields ORDER BY name').all();
      return rows.map((row) => String(row['name']));
    });
  }

  fact(name: string): Promise<string | undefined> {
    return this.#run(({ database }) => readFact(database, name));
  }

  setFact(name: string, value: string): Promise<void> {
    return this.#write(({ database }) => writeFact(database, name, value));
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
