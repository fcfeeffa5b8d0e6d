import { EventEmitter } from 'vscode';
import { Owner } from '../core/lifecycle';
import type { Log } from '../core/log';
import type { Counts } from '../history/history';

export const noCounts: Counts = { days: [], oldest: undefined, newest: undefined };

/** Milliseconds between two counts while events arrive: each takes time from the storing. */
const interval = 250;

/** How many events the view has, by component and day, counted again as they arrive. */
export class Counting extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  #counts = noCounts;
  #running: Promise<void> | undefined;
  #again = false;
  #counted = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    /** Undefined leaves the counts as they are. */
    private readonly count: () => Promise<Counts | undefined>,
    private readonly log: Log,
  ) {
    super();
    this.own({ dispose: () => clearTimeout(this.#timer) });
  }

  get counts(): Counts {
    return this.#counts;
  }

  /** Forgets the counts; whoever calls counts anew. */
  reset(): void {
    this.#counts = noCounts;
  }

  /** Counts again; several calls at once become one more count. */
  recount(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Counts at once where events did not arrive lately. */
  recountSoon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#counted = performance.now();
        this.recount().catch((error: unknown) => this.log.error('The events cannot be counted', error));
      },
      this.#counted + interval - performance.now(),
    );
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      this.#counts = (await this.count()) ?? this.#counts;
      this.#changed.fire();
    }
  }
}
