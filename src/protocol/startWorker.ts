import { Worker, type WorkerOptions } from 'node:worker_threads';
import { connect, type Handlers, type Remote } from './rpc';
import { portOf } from './workerPort';

interface StartOptions extends WorkerOptions {
  /** What the worker may call. */
  readonly handlers?: Handlers<object>;
  /** What all open and later calls reject with should the worker die. */
  died(cause: unknown): Error;
}

export interface StartedWorker<Api> {
  readonly remote: Remote<Api>;
  /** Ends the worker at once, whatever it does; all open and later calls reject with `reason`. */
  dispose(reason?: Error): Promise<void>;
}

/** Starts a worker and a conversation with it. No call outlives the worker. */
export function startWorker<Api>(path: string, { handlers, died, ...options }: StartOptions): StartedWorker<Api> {
  const worker = new Worker(path, options);
  const connection = connect<Api>(portOf(worker), handlers);
  const die = (cause: unknown): void => connection.dispose(died(cause));
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
