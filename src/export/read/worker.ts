import { parentPort } from 'node:worker_threads';
import type { PageRequest } from '../../core/event/source';
import { connect, transfer } from '../../protocol/rpc';
import { portOf } from '../../protocol/workerPort';
import type { LogReader } from './logReader';
import { openLogFile, type LogFile } from './openLogFile';

// The entry of the worker thread that reads a saved log.
if (!parentPort) throw new Error('This file is run as a worker only');
let file: LogFile | undefined;
connect(portOf(parentPort), {
  async open(path: string, signal: AbortSignal) {
    file = await openLogFile(path, signal);
    const { events, unreadable, range } = file;
    return { events, unreadable, range };
  },
  async page(request: PageRequest, signal: AbortSignal) {
    if (!file) throw new Error('No saved log is open');
    const bytes = await file.source.page(request, signal);
    return transfer(bytes, [bytes.buffer]);
  },
} satisfies LogReader);
