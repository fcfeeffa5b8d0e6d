import { parentPort } from 'node:worker_threads';
import type { FileReader } from '../protocol/terraform';
import { connect } from '../protocol/rpc';
import { portOf } from '../protocol/workerPort';
import { LocalIndex } from './localIndex';

// The entry of the worker thread.
if (!parentPort) throw new Error('This file is run as a worker only');
const index: LocalIndex = new LocalIndex({ read: (key, longest) => remote.read(key, longest) });
const { remote } = connect<FileReader>(portOf(parentPort), index);
