import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ActivityEvent } from '../../../src/core/event/event';
import type { Log } from '../../../src/core/base/log';
import { LocalHistory } from '../../../src/history/localHistory';
import type { Range } from '../../../src/core/time/range';
import type { History, ListQuery } from '../../../src/history/history';
import { preparePage } from '../../../src/history/ingest/preparePage';
import { storePage } from '../../../src/history/load/storePage';
import { openHistory } from '../../../src/history/openHistory';

/** The bundled worker; `npm run test:unit` builds it with the tests. */
export const workerPath = path.resolve('dist/worker.js');
export const loadWorkerPath = path.resolve('dist/loadWorker.js');
export const logWorkerPath = path.resolve('dist/logWorker.js');

export const always = { from: Date.UTC(1970, 0), to: Date.UTC(2100, 0) };
export const noSignal = new AbortController().signal;
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Temporary folders and open histories of one test; call `cleanUp` in `afterEach`. */
export class Workshop {
  readonly #open: History[] = [];
  readonly #folders: string[] = [];

  file(name = 'history.sqlite'): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'activity-log-'));
    this.#folders.push(folder);
    return path.join(folder, name);
  }

  /** A history on this thread: quick to open, and all of the real thing but the worker. */
  async local(file = this.file()): Promise<LocalHistory> {
    const history = new LocalHistory();
    await history.open({ file });
    this.#open.push(history);
    return history;
  }

  async inWorker(file = this.file()): Promise<History> {
    const { history } = await openHistory({ workerPath, file });
    this.keep(history);
    return history;
  }

  /** Closes it in the end, whatever becomes of the test: an open worker would keep the runner from ending. */
  keep(history: History): void {
    this.#open.push(history);
  }

  async cleanUp(): Promise<void> {
    await Promise.allSettled(this.#open.splice(0).map((history) => history.close()));
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

export function pageOf(logs: readonly unknown[], marker?: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(marker === undefined ? { logs } : { logs, marker }));
}

/** A plain record; `n` tells it from others and puts it `n` minutes after the beginning of November. */
export function record(n: number, changes: Readonly<Record<string, unknown>> = {}): ActivityEvent {
  return {
    action: 'create-vm',
    event_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    method: 'POST',
    request_body: `{"n":${n}}`,
    request_id: `req-${n}`,
    response_body: '{}',
    source: 'nova',
    success: 'yes',
    timestamp: new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString().replace('.000', ''),
    uri: '/v2.1/servers',
    user_email: 'a@example.com',
    user_id: 'u1',
    ...changes,
  };
}

/** Stores records as one page, newest first as the API sends them. */
export async function store(
  history: History,
  records: readonly unknown[],
  stream = '',
  chain?: number,
): Promise<number> {
  return storeBytes(history, pageOf(records), stream, undefined, chain);
}

/** Stores a page as a loader does, with the times that are complete with it. */
export function storeBytes(
  history: History,
  bytes: Uint8Array,
  stream = '',
  complete?: Range,
  chain?: number,
): Promise<number> {
  return storePage(history, preparePage(bytes), stream, complete, chain);
}

/** Everything the history holds, in its order. */
export async function readAll(history: History, query: Partial<ListQuery> = {}): Promise<ActivityEvent[]> {
  const events: ActivityEvent[] = [];
  let after: string | undefined;
  do {
    const list = await history.records(
      { view: { range: always }, limit: 500, ...query, after },
      { redact: false },
      noSignal,
    );
    events.push(...list.items);
    after = list.next;
  } while (after !== undefined);
  return events;
}
