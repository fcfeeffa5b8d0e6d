import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../core/base/log';
import type { History } from '../history';

const pollMs = 500;
const beatMs = 1_500;
/** An owner that lives but has not said so for this long no longer counts. */
const patienceMs = 6_000;

/** Who each window's history is to others: what it could not take back, on a full disk, does not stand in its own way. */
const owners = new WeakMap<History, string>();

/** The time in which no other window loads into a history. */
export interface Turn {
  /** Aborted when another window took over because this one was silent for too long. */
  readonly lost: AbortSignal;
  /** Lets others take over, should `work` take long. */
  yield(work: () => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

/**
 * Waits until no other window loads into `history`; `onOther` is called now and then while one does. Nothing depends on
 * the time of day, which may jump: only on how long a claim stays as it is.
 */
export async function takeTurn(history: History, onOther: () => void, log: Log, signal: AbortSignal): Promise<Turn> {
  const owner = owners.get(history) ?? randomUUID();
  owners.set(history, owner);
  let seen: string | undefined;
  let since = 0;
  for (;;) {
    signal.throwIfAborted();
    const expired = performance.now() - since > patienceMs ? seen : undefined;
    const other = await history.claimLoad(owner, expired);
    if (other === undefined) return hold(history, owner);
    if (seen === undefined) log.info('Another window loads these events; waiting for it');
    if (other !== seen) {
      [seen, since] = [other, performance.now()];
      onOther();
    }
    await sleep(pollMs, undefined, { signal });
  }
}

function hold(history: History, owner: string): Turn {
  const lost = new AbortController();
  const renew = async (): Promise<void> => {
    if (!(await history.renewLoad(owner))) lost.abort();
  };
  // What fails here fails the load itself, too.
  const startBeating = () => setInterval(() => void renew().catch(() => undefined), beatMs);
  let beating = startBeating();
  return {
    lost: lost.signal,
    async yield(work) {
      clearInterval(beating);
      await work();
      await renew();
      beating = startBeating();
    },
    async end() {
      clearInterval(beating);
      // A claim that cannot be taken back is outlived by the process, or by the patience of others.
      await history.releaseLoad(owner).catch(() => undefined);
    },
  };
}
