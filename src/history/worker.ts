import { parentPort } from 'node:worker_threads';
import type { HistoryListener } from '../protocol/history';
import { connect } from '../protocol/rpc';
import { LocalHistory } from './localHistory';
import { portOf } from '../protocol/workerPort';

// The entry of the worker thread.
if (!parentPort) throw new Error('This file is run as a worker only');
const history = new LocalHistory((notice) => void remote.lost(notice).catch(() => undefined));
const { remote } = connect<HistoryListener>(portOf(parentPort), history);
