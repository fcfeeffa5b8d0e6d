import { setImmediate } from 'node:timers/promises';
import { parentPort, type MessagePort } from 'node:worker_threads';
import { createAuditSource } from '../api';
import { UserError } from '../core/base/errors';
import type { Disposable } from '../core/base/lifecycle';
import type { Log } from '../core/base/log';
import { message } from '../core/base/message';
import type { EventSource } from '../core/event/source';
import type { LogFile } from '../export/read/openLogFile';
import { openSavedLog } from '../export/read/openSavedLog';
import type { LoaderHistory } from '../history/history';
import { Loader } from '../history/load/loader';
import { connect, type Connection, type Remote } from '../protocol/rpc';
import { portOf } from '../protocol/workerPort';
import type { LoadCalls, LoadWorker, RunningLoad, SavedLog, SourceOptions } from './loadThread';
import { MainThread } from './mainThread';

// The entry of the thread that loads events from their source into the history.
if (!parentPort) throw new Error('This file is run as a worker only');

// The thread serves one connection: there is no other sample or saved log.
let sample: EventSource | undefined;
let saved: LogFile | undefined;

connect(portOf(parentPort), {
  openLog: async (log: SavedLog, signal: AbortSignal) => ({ range: (await openLog(log, signal)).range }),

  begin(control: MessagePort, history: MessagePort): void {
    const stop = new AbortController();
    const ports: Connection<LoadCalls> = connect<LoadCalls>(portOf(control), {
      async run(options, { range, ...task }) {
        const source = await openSource(options, main, stop.signal);
        try {
          const waitForToken = (signal: AbortSignal): Promise<void> => main.waitForToken(signal);
          const log = logTo(ports.remote);
          const loader = new Loader({
            ...task,
            source,
            history: stored.remote,
            now: ports.remote.now,
            waitForToken,
            log,
          });
          return await loader.load(range, (progress) => main.report(progress), stop.signal);
        } finally {
          source.dispose?.();
          main.report();
        }
      },
      forgetToken: () => main.forgetToken(),
      cancel: () => stop.abort(),
    } satisfies RunningLoad);
    const main = new MainThread(ports.remote);
    const stored = connect<LoaderHistory>(portOf(history));
    const gone = new UserError(message('The history stopped working. Reload the window.'));
    history.once('close', () => stored.dispose(gone));
    control.once('close', () => {
      stop.abort();
      ports.dispose();
      history.close();
    });
  },
} satisfies LoadWorker);

async function openSource(
  options: SourceOptions,
  main: MainThread,
  signal: AbortSignal,
): Promise<EventSource & Partial<Disposable>> {
  switch (options.kind) {
    case 'http':
      return createAuditSource({
        ...options,
        token: () => main.token(),
        onAttempt: (attempt) => main.attempted(attempt),
      });
    case 'sample': {
      const { sampleSource } = await import('../sample/sampleSource');
      return (sample ??= sampleSource(options.now, setImmediate));
    }
    case 'file':
      // Where the thread had to be started anew it is not open yet.
      return (await openLog(options, signal)).source;
  }
}

async function openLog({ path, workerPath }: SavedLog, signal: AbortSignal): Promise<LogFile> {
  return (saved ??= await openSavedLog(path, workerPath, signal));
}

function logTo({ log }: Remote<LoadCalls>): Log {
  /** Needs no answer. */
  const tell = (level: keyof Log, text: string): void => void log(level, text).catch(() => undefined);
  return {
    info: (text) => tell('info', text),
    warn: (text) => tell('warn', text),
    error: (text) => tell('error', text),
  };
}
