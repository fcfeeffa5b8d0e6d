import { type AuditOptions, createAuditSource } from '../../../src/api';
import { isCancelled } from '../../../src/core/base/errors';
import type { Range } from '../../../src/core/time/range';
import type { History } from '../../../src/history/history';
import { Loader, type LoadResult } from '../../../src/history/load/loader';
import type { Connection } from '../../../src/host/connections/connections';
import { SentTokens } from '../../../src/host/connections/sentTokens';
import { silentLog } from '../history/fixture';
import type { Window } from './connections/window';

export interface Loaded extends Pick<LoadResult, 'gaps'> {
  /** Events that were not there before. */
  readonly stored: number;
  /** How often a person was needed; the load then ends. */
  readonly prompts: number;
}

/** Loads a range of a connection as the extension does. */
export async function loadAll(
  connection: Connection,
  window: Window,
  history: History,
  range: Range,
  options: Partial<AuditOptions>,
): Promise<Loaded> {
  let prompts = 0;
  let stored = 0;
  const sent = new SentTokens(connection, window);
  const source = createAuditSource({
    endpoint: connection.address,
    token: () => sent.next(() => undefined),
    onAttempt: (attempt) => sent.attempted(attempt),
    ...options,
  });
  const abort = new AbortController();
  const loader = new Loader({
    source,
    history,
    components: [],
    pageSize: 1000,
    concurrency: 4,
    now: () => range.to,
    waitForToken: async (signal) => {
      if (await sent.renew(signal)) return;
      prompts++;
      abort.abort();
      abort.signal.throwIfAborted();
    },
    log: silentLog,
  });
  try {
    const { gaps } = await loader.load(range, ({ newEvents }) => (stored = newEvents), abort.signal);
    return { gaps, stored, prompts };
  } catch (error) {
    if (!isCancelled(error)) throw error;
    return { gaps: [], stored, prompts };
  } finally {
    source.dispose();
  }
}
