import { EventEmitter } from 'vscode';
import { isCancelled, RequestError, UserError } from '../../core/base/errors';
import { Owner } from '../../core/base/lifecycle';
import { message, type Message } from '../../core/base/message';
import type { Range } from '../../core/time/range';
import type { Gap, LoadProgress, LoadResult } from '../../history/load/loader';

/** How far the load of the active connection is. */
export interface LoadState {
  readonly running: boolean;
  /** The running load only looks for what is new, and nobody waits for it. */
  readonly background: boolean;
  readonly waitingForToken: boolean;
  /** The last load came to its end, apart from `gaps`. */
  readonly finished: boolean;
  /** The stored events were deleted, and nothing was loaded since. */
  readonly cleared: boolean;
  /** The last load that came to its end: what it was asked for. */
  readonly done: (LoadedAs & { readonly range: Range; readonly gaps: readonly Gap[] }) | undefined;
  /** Events received by the running load. */
  readonly received: number;
  readonly unreadable: number;
  /** What the last load could not bring; while one runs, what the one before could not. */
  readonly gaps: readonly Gap[];
}

/** How a range was loaded. */
export interface LoadedAs {
  readonly streams: readonly string[];
  /** The key of who asked. */
  readonly requester: string;
}

/** Loads a range, see Loader. */
export type Load = (
  range: Range,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
) => Promise<LoadResult & LoadedAs>;

const atRest: LoadState = {
  running: false,
  background: false,
  waitingForToken: false,
  finished: false,
  cleared: false,
  done: undefined,
  received: 0,
  unreadable: 0,
  gaps: [],
};

/** The one load of the active connection, and what is known of it. */
export class Loading extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #stored = this.own(new EventEmitter<void>());
  /** New events were stored, or the load has ended. */
  readonly onDidStore = this.#stored.event;
  readonly #ended = this.own(new EventEmitter<void>());
  readonly onDidEnd = this.#ended.event;

  #state = atRest;
  #running: { readonly abort: AbortController; readonly promise: Promise<void> } | undefined;

  get state(): LoadState {
    return this.#state;
  }

  /** Starts a load, or joins the one that runs. @throws what ended it, an AbortError when it was stopped */
  run(load: Load, range: Range, background: boolean): Promise<void> {
    if (this.#running) {
      if (!background) this.#update({ background });
      return this.#running.promise;
    }
    const abort = new AbortController();
    const promise = this.#run(load, range, background, abort.signal);
    this.#running = { abort, promise };
    return promise;
  }

  /** Ends the load that runs; what is stored stays. With a `reason` the rest becomes a gap. */
  async stop(reason?: Message): Promise<void> {
    const running = this.#running;
    running?.abort.abort(reason && new Stopped(reason));
    await running?.promise.catch(() => undefined);
  }

  /** Resolves when no load runs, however the one that runs ends. */
  async ended(): Promise<void> {
    while (this.#running) await this.#running.promise.catch(() => undefined);
  }

  /** Another range or connection, or an emptied history: nothing is known any more. */
  reset(cleared = false): void {
    this.#update({ ...atRest, cleared });
  }

  /** Shows that all of `range` could not be loaded. */
  fail(range: Range, error: unknown): void {
    this.#update({ gaps: [wholeGap(range, error)] });
  }

  /** Shows that the load waits while `ask` asks for a token. */
  async waitForToken(ask: () => Promise<void>): Promise<void> {
    this.#update({ waitingForToken: true });
    try {
      await ask();
    } finally {
      this.#update({ waitingForToken: false });
    }
  }

  async #run(load: Load, range: Range, background: boolean, signal: AbortSignal): Promise<void> {
    const { done, gaps } = this.#state;
    this.#update({ ...atRest, done, gaps, background, running: true });
    try {
      const result = await load(range, (progress) => this.#progress(progress, signal), signal);
      const { gaps, requester, streams, unreadable } = result;
      this.#update({ gaps, unreadable, finished: true, done: { range, requester, streams, gaps } });
    } catch (error) {
      const failure: unknown = signal.aborted ? signal.reason : error;
      if (failure instanceof Stopped || !isCancelled(failure)) this.fail(range, failure);
      throw failure;
    } finally {
      this.#running = undefined;
      this.#update({ running: false, background: false });
      this.#stored.fire();
      this.#ended.fire();
    }
  }

  #progress({ events, unreadable }: LoadProgress, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#update({ received: events, unreadable });
    this.#stored.fire();
  }

  #update(part: Partial<LoadState>): void {
    this.#state = { ...this.#state, ...part };
    this.#changed.fire();
  }
}

/** The load was ended on purpose. */
class Stopped extends UserError {
  override readonly name = 'AbortError';
}

function wholeGap(range: Range, error: unknown): Gap {
  const reason = error instanceof UserError ? error.text : message('Loading failed: {0}', String(error));
  return { stream: '', range, reason, failure: error instanceof RequestError ? error.failure : undefined };
}
