import { EventEmitter } from 'vscode';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import type { ViewCounts } from './countView';

export const noCounts: ViewCounts = { days: [], oldest: undefined, newest: undefined };

/** Milliseconds between two counts, at least, while events arrive: each takes time from the storing. */
const interval = 250;

/** How many events the view has, by component and day, counted again as they arrive. */
export class Counting extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  #counts = noCounts;
  #running: Promise<void> | undefined;
  #again = false;
  /** The view is another one than that which is counted or being counted. */
  #isNew = true;
  #isPartial = false;
  #abort = new AbortController();
  /** When the last count ended, and how long it took. */
  #counted = 0;
  #took = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    /** `onPart` is told what is counted so far. Undefined leaves the counts as they are. */
    private readonly count: (
      onPart: (counts: ViewCounts) => void,
      signal: AbortSignal,
    ) => Promise<ViewCounts | undefined>,
    private readonly log: Log,
  ) {
    super();
    this.own({
      dispose: () => {
        clearTimeout(this.#timer);
        this.#abort.abort();
      },
    });
  }

  get counts(): ViewCounts {
    return this.#counts;
  }

  /** Whether older events of a new view are still to be counted. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /** Counts another view; its newest events are shown while the older ones are counted. */
  restart(): Promise<void> {
    this.#isNew = true;
    this.#abort.abort();
    return this.recount();
  }

  /** Counts again; several calls at once become one more count. */
  recount(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Counts at once where there are none yet, or where events did not arrive lately. */
  recountSoon(): void {
    const rest = this.#counts.days.length === 0 ? 0 : Math.max(interval, 2 * this.#took);
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.recount().catch((error: unknown) => this.log.error('The events cannot be counted', error));
      },
      this.#counted + rest - performance.now(),
    );
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      this.#abort = new AbortController();
      const { signal } = this.#abort;
      const isNew = this.#isNew;
      this.#isNew = false;
      const show = (counts: ViewCounts, isPartial: boolean): void => {
        this.#counts = counts;
        this.#isPartial = isPartial;
        this.#changed.fire();
      };
      const onPart = (counts: ViewCounts): void => {
        if (isNew && !signal.aborted) show(counts, true);
      };
      const began = performance.now();
      try {
        show((await this.count(onPart, signal)) ?? this.#counts, false);
      } catch (error) {
        if (!signal.aborted) {
          show(this.#counts, false);
          throw error;
        }
      }
      this.#counted = performance.now();
      this.#took = this.#counted - began;
    }
  }
}
