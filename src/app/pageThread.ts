import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { AuditOptions } from '../api';
import { UserError } from '../core/base/errors';
import type { Disposable } from '../core/base/lifecycle';
import { message } from '../core/base/message';
import type { Pages } from '../history/load/pages';
import { connect, transfer, type Remote } from '../protocol/rpc';
import { startWorker, type StartedWorker } from '../protocol/startWorker';
import { portOf } from '../protocol/workerPort';

/** What the thread is told of a load. */
export interface PageLoad extends Omit<AuditOptions, keyof PageLoadPorts> {
  readonly firstTicket: number;
}

/** What it asks during a load. */
export type PageLoadPorts = Required<Pick<AuditOptions, 'onAttempt' | 'token'>>;

interface PageWorker {
  open(load: PageLoad, control: MessagePort, batches: MessagePort): void;
}

/** How long the thread waits for another load, in milliseconds. */
const idleMs = 30_000;

/** More saves little time, and memory that is given back late. */
const maxYoungGenerationSizeMb = 10;

/** Loads share no ticket. */
const ticketsOfLoad = 2 ** 32;
let loads = 0;

/**
 * A thread that requests pages and prepares them: the bytes of a large log would keep the collector of this thread, which
 * has the editor's extensions to care for, busy. It ends when it was not needed for a while.
 */
export class PageThread implements Disposable {
  readonly #workerPath: string;
  #running: StartedWorker<PageWorker> | undefined;
  /** How many loads use it. */
  #used = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(workerPath: string) {
    this.#workerPath = workerPath;
  }

  /** Starts it, so that {@link open} need not wait. */
  start(): void {
    this.#connect();
    this.#rest();
  }

  /**
   * Opens the log for one load, whose pages go to the history behind `receive`.
   * @throws UserError where the endpoint is none or the network cannot be used
   */
  async open(
    { token, onAttempt = () => undefined, ...options }: AuditOptions,
    receive: (port: MessagePort) => Promise<void>,
  ): Promise<Pages & Disposable> {
    this.#used++;
    clearTimeout(this.#idle);
    const remote = this.#connect();
    const control = new MessageChannel();
    const batches = new MessageChannel();
    const pages = connect<Pages>(portOf(control.port1), { token, onAttempt } satisfies PageLoadPorts);
    control.port1.once('close', () => pages.dispose(stopped()));
    const dispose = (): void => {
      control.port1.close();
      this.#used--;
      this.#rest();
    };
    try {
      await receive(batches.port1);
      const { port2 } = control;
      const load = { ...options, firstTicket: ++loads * ticketsOfLoad };
      await remote.open(load, transfer(port2, [port2]), transfer(batches.port2, [batches.port2]));
    } catch (error) {
      dispose();
      throw error;
    }
    const { done, read } = pages.remote;
    return { read, done: (ticket) => void done(ticket).catch(() => undefined), dispose };
  }

  /** Ends it; loads that run end with a UserError. */
  dispose(): void {
    clearTimeout(this.#idle);
    void this.#running?.dispose(stopped());
    this.#running = undefined;
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#used === 0) this.#idle = setTimeout(() => this.dispose(), idleMs).unref();
  }

  #connect(): Remote<PageWorker> {
    if (this.#running) return this.#running.remote;
    const running = startWorker<PageWorker>(this.#workerPath, {
      name: 'activity-log-pages',
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
