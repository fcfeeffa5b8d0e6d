import { parentPort, workerData } from 'node:worker_threads';
import type { HistoryListener } from '../protocol/history';
import { connect } from '../protocol/rpc';
import { portOf } from '../protocol/workerPort';
import { LocalHistory } from './localHistory';
import { LocalWindowFinder } from './windowFinder';

// The entry of the worker threads: of the history's own, and of the one that helps it to search.
if (!parentPort) throw new Error('This file is run as a worker only');
const port = portOf(parentPort);
const { searched } = (workerData ?? {}) as { searched?: string };
if (searched !== undefined) connect(port, new LocalWindowFinder(searched));
else {
  const history = new LocalHistory({
    onLost: (notice) => void remote.lost(notice).catch(() => undefined),
    finderPath: __filename,
  });
  const { remote } = connect<HistoryListener>(port, history);
}
