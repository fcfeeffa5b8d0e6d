import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../core/base/log';
import type { LoaderHistory } from '../history';

const pollMs = 500;
const heartbeatMs = 1_500;
/** An owner that lives but has not said so for this long no longer counts. */
const timeoutMs = 6_000;

/** The time in which no other window loads into a history. */
export interface Lease {
  /** Aborted when another window took over because this one was silent for too long. */
  readonly lost: AbortSignal;
  /** Lets others take over, should `work` take long. */
  yield(work: () => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

/**
 * Waits until no other window loads into `history`; `onOther` is called now and then while one does. Nothing depends on
 * the time of day, which may jump: only on how long a lease stays as it is.
 */
export async function takeLease(
  history: LoaderHistory,
  onOther: () => void,
  log: Log,
  signal: AbortSignal,
): Promise<Lease> {
  let seen: string | undefined;
  let since = 0;
  for (;;) {
    signal.throwIfAborted();
    const expired = performance.now() - since > timeoutMs ? seen : undefined;
    const other = await history.acquireLease(expired);
    if (other === undefined) return hold(history);
    if (seen === undefined) log.info('Another window loads these events; waiting for it');
    if (other !== seen) {
      [seen, since] = [other, performance.now()];
      onOther();
    }
    await sleep(pollMs, undefined, { signal });
  }
}

function hold(history: LoaderHistory): Lease {
  const lost = new AbortController();
  const renew = async (): Promise<void> => {
    if (!(await history.renewLease())) lost.abort();
  };
  // What fails here fails the load itself, too.
  const startHeartbeat = () => setInterval(() => void renew().catch(() => undefined), heartbeatMs);
  let heartbeat = startHeartbeat();
  return {
    lost: lost.signal,
    async yield(work) {
      clearInterval(heartbeat);
      await work();
      await renew();
      heartbeat = startHeartbeat();
    },
    async end() {
      clearInterval(heartbeat);
      // A lease that cannot be taken back is outlived by the process, or by the time others wait.
      await history.releaseLease().catch(() => undefined);
    },
  };
}
