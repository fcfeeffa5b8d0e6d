import { after, afterEach, before } from 'mocha';
import { createAuditSource, type Attempt, type AuditOptions } from '../../../src/api';
import { RequestError } from '../../../src/core/base/errors';
import type { Disposable } from '../../../src/core/base/lifecycle';
import type { EventSource, PageRequest } from '../../../src/core/event/source';
import { startServer, type ServerOptions, type StandIn } from '../../server/startServer';

/** Never aborted. */
export const { signal: never } = new AbortController();

/** Retries that a test need not wait for. What is late on a busy machine is not taken for lost: see `defaultLimits`. */
export const quick: Pick<AuditOptions, 'retry' | 'limits'> = {
  retry: { attempts: 3, baseMs: 2, capMs: 4, totalMs: 120_000, maxRetryAfterMs: 3_000 },
  limits: { idleMs: 10_000, answerMs: 120_000 },
};

export const firstPage: PageRequest = {
  component: undefined,
  from: Date.UTC(2020, 0, 1),
  to: Date.UTC(2030, 0, 1),
  marker: undefined,
  limit: 100,
};

/** A stand-in for the tests of one suite; faults and the list of requests begin anew with each test. */
export function useServer(options: ServerOptions = {}): () => StandIn {
  let server: StandIn | undefined;
  before(async () => void (server = await startServer(options)));
  afterEach(() => {
    server?.clearFaults();
    server?.requests.splice(0);
  });
  after(() => server?.stop());
  return () => server!;
}

const open: Disposable[] = [];

/** A source that is disposed of after the test. */
export function sourceOf(server: StandIn, options: Partial<AuditOptions> = {}): EventSource & { attempts: Attempt[] } {
  const attempts: Attempt[] = [];
  const source = createAuditSource({
    endpoint: server.endpoint,
    token: () => server.token,
    onAttempt: (attempt) => attempts.push(attempt),
    ...quick,
    ...options,
  });
  open.push(source);
  return { page: (request, signal) => source.page(request, signal), attempts };
}

export function disposeSources(): void {
  for (const source of open.splice(0)) source.dispose();
}

/** The error that `work` ends with. */
export async function failureOf(work: Promise<unknown>): Promise<RequestError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('It should have failed');
}
