import { Worker, type WorkerOptions } from 'node:worker_threads';
import { connect, type Handlers, type Remote } from './rpc';
import { portOf } from './workerPort';

interface StartOptions extends WorkerOptions {
  /** What the worker may call. */
  readonly handlers?: Handlers<object>;
  /** It runs: what it is asked now need not wait for it to start. */
  online?(): void;
  /** It has ended: what all open and later calls reject with, unless {@link StartedWorker.dispose} said so before. */
  died(cause: unknown): Error;
}

export interface StartedWorker<Api> {
  readonly remote: Remote<Api>;
  /** Ends the worker at once, whatever it does; all open and later calls reject with `reason`. */
  dispose(reason?: Error): Promise<void>;
}

/** Starts a worker, as all are started, and a conversation with it. No call outlives the worker. */
export function startWorker<Api>(
  path: string,
  { handlers, online, died, ...options }: StartOptions,
): StartedWorker<Api> {
  const worker = new Worker(path, options);
  const connection = connect<Api>(portOf(worker), handlers);
  const die = (cause: unknown): void => connection.dispose(died(cause));
  if (online) worker.once('online', online);
  worker.once('error', die);
  worker.once('exit', die);
  return {
    remote: connection.remote,
    async dispose(reason) {
      connection.dispose(reason);
      await worker.terminate();
    },
  };
}
