import { parentPort } from 'node:worker_threads';
import { connect } from '../protocol/rpc';
import { LocalHistory } from './localHistory';
import { portOf } from './workerPort';

// The entry of the worker thread.
if (!parentPort) throw new Error('This file is run as a worker only');
connect(portOf(parentPort), new LocalHistory());
