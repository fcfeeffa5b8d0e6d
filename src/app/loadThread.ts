import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Attempt, AuditOptions } from '../api';
import { UserError } from '../core/base/errors';
import type { Disposable } from '../core/base/lifecycle';
import type { Log } from '../core/base/log';
import { message } from '../core/base/message';
import type { Range } from '../core/time/range';
import type { LoaderOptions, LoadProgress, LoadResult } from '../history/load/loader';
import { connect, transfer, type Remote } from '../protocol/rpc';
import { startWorker, type StartedWorker } from '../protocol/startWorker';
import { portOf } from '../protocol/workerPort';

/** What events are loaded from. */
export type SourceOptions =
  | ({ readonly kind: 'http' } & Omit<AuditOptions, 'onAttempt' | 'token'>)
  /** The sample as of `now`, in UTC milliseconds. */
  | { readonly kind: 'sample'; readonly now: number }
  | ({ readonly kind: 'file' } & SavedLog);

/** A saved log, and the worker that reads it. */
export interface SavedLog {
  readonly path: string;
  readonly workerPath: string;
}

/** What is to be loaded, and how. */
export interface LoadTask extends Pick<LoaderOptions, 'again' | 'components' | 'concurrency' | 'pageSize'> {
  readonly range: Range;
}

/** What a load asks and tells meanwhile. */
export interface LoadCalls extends Pick<LoaderOptions, 'now' | 'waitForToken'> {
  /** The token to use until {@link LoadPorts.onDidChangeToken} fires, or one was waited for. */
  token(): string | undefined;
  reported(report: LoadReport): void;
  log(level: keyof Log, text: string): void;
}

/** What came of requests since the last report, in their order. */
export interface LoadReport {
  readonly attempts: readonly Attempt[];
  /** Undefined: no page was stored since. */
  readonly progress: LoadProgress | undefined;
}

export interface LoadPorts extends LoadCalls {
  onDidChangeToken(listener: () => void): Disposable;
}

/** What the thread does. */
export interface LoadWorker {
  /** Opens a saved log before it is loaded. @throws UserError */
  openLog(log: SavedLog, signal: AbortSignal): Promise<{ readonly range: Range | undefined }>;
  /** Begins a conversation about one load, which ends when `control` is closed; `history` leads to a LoaderHistory. */
  begin(control: MessagePort, history: MessagePort): void;
}

/** What can be asked through the port of a load. */
export interface RunningLoad {
  run(source: SourceOptions, task: LoadTask): Promise<LoadResult>;
  forgetToken(): void;
  cancel(): void;
}

/** How long the thread waits for another load, in milliseconds. */
const idleMs = 30_000;

/** More saves little time, and memory that is given back late. */
const maxYoungGenerationSizeMb = 10;

/**
 * The thread that loads the events of one connection, from their source into the history: it requests pages, judges them and
 * prepares them to be stored. So neither the work nor the bytes of a large log keep the thread busy that has the editor's
 * extensions to care for. It ends when it was not needed for a while.
 */
export class LoadThread implements Disposable {
  readonly #workerPath: string;
  #running: StartedWorker<LoadWorker> | undefined;
  /** How many loads use it, and whether it keeps a saved log open. */
  #used = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(workerPath: string) {
    this.#workerPath = workerPath;
  }

  /** Starts it, so that {@link load} need not wait. */
  start(): void {
    this.#connect();
    this.#rest();
  }

  /** Opens a saved log, which is kept open. @throws UserError where it cannot be read; the reason of `signal` */
  async openLog(log: SavedLog, signal: AbortSignal): ReturnType<LoadWorker['openLog']> {
    this.#use();
    try {
      return await this.#connect().openLog(log, signal);
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /**
   * Loads into the history that `serveLoader` connects to; see Loader.load. Nothing is stored any more once it has ended,
   * however that was.
   * @throws UserError also where the endpoint is none or the network cannot be used
   */
  async load(
    source: SourceOptions,
    task: LoadTask,
    ports: LoadPorts,
    serveLoader: (port: MessagePort) => Promise<void>,
    signal: AbortSignal,
  ): Promise<LoadResult> {
    signal.throwIfAborted();
    this.#use();
    const control = new MessageChannel();
    const history = new MessageChannel();
    const { onDidChangeToken, ...calls } = ports;
    const { remote, dispose } = connect<RunningLoad>(portOf(control.port1), calls);
    control.port1.once('close', () => dispose(stopped()));
    const changes = onDidChangeToken(() => void remote.forgetToken().catch(() => undefined));
    // The call goes on: the load has ended when it says so.
    const cancel = (): void => void remote.cancel().catch(() => undefined);
    signal.addEventListener('abort', cancel);
    try {
      await serveLoader(history.port1);
      const { port2 } = control;
      await this.#connect().begin(transfer(port2, [port2]), transfer(history.port2, [history.port2]));
      return await remote.run(source, task);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      changes.dispose();
      control.port1.close();
      this.#leave();
    }
  }

  /** Ends it; loads that run end with a UserError. */
  dispose(): void {
    clearTimeout(this.#idle);
    void this.#running?.dispose(stopped());
    this.#running = undefined;
  }

  #use(): void {
    this.#used++;
    clearTimeout(this.#idle);
  }

  #leave(): void {
    this.#used--;
    this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#used === 0) this.#idle = setTimeout(() => this.dispose(), idleMs).unref();
  }

  #connect(): Remote<LoadWorker> {
    if (this.#running) return this.#running.remote;
    const running = startWorker<LoadWorker>(this.#workerPath, {
      name: 'activity-log-load',
      resourceLimits: { maxYoungGenerationSizeMb },
      died: (cause) => {
        if (this.#running === running) this.#running = undefined;
        return stopped(cause);
      },
    });
    this.#running = running;
    return running.remote;
  }
}

function stopped(cause?: unknown): UserError {
  return new UserError(message('Receiving events stopped unexpectedly. Refresh to go on.'), { cause });
}
