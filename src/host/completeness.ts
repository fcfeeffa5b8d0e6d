import { message } from '../core/message';
import { missingParts, type Missing, type StreamCoverage } from '../core/missing';
import type { Range } from '../core/range';
import { subtract } from '../core/ranges';
import type { LoadState } from './loading';

const unknown: readonly StreamCoverage[] = [{ stream: '', covered: [] }];

const whileLoading = message('It is being loaded.');
const withoutToken = message('There is no token to load it with.');
const notYet = message('It is not loaded yet.');

/** What of a range is proven to be there: stored as complete, or brought by the last load that came to its end. */
export class Completeness {
  #streams = unknown;
  #memo: { readonly key: readonly unknown[]; readonly missing: readonly Missing[] } | undefined;

  /** Another connection, or an emptied history: nothing is known any more. */
  reset(): void {
    this.#streams = unknown;
    this.#memo = undefined;
  }

  /** How many there are. */
  get streams(): number {
    return this.#streams.length;
  }

  know(streams: readonly StreamCoverage[]): void {
    this.#streams = streams;
  }

  missing(range: Range, load: LoadState, tokenMissing: boolean): readonly Missing[] {
    const otherwise = load.running ? whileLoading : tokenMissing ? withoutToken : notYet;
    const key = [this.#streams, range, load.done, load.gaps, otherwise];
    if (this.#memo?.key.every((part, index) => part === key[index])) return this.#memo.missing;
    const streams = this.#streams.map(({ stream, covered }) => ({
      stream,
      covered: [...covered, ...loadedBy(load, stream)],
    }));
    const missing = missingParts(range, streams, load.gaps, otherwise);
    this.#memo = { key, missing };
    return missing;
  }
}

/** The newest times are stored as complete only later, for events may still arrive; a load that has ended asked for them all the same. */
function loadedBy({ done }: LoadState, stream: string): Range[] {
  if (!done?.streams.some((loaded) => loaded === '' || loaded === stream)) return [];
  const gaps = done.gaps.filter((gap) => gap.stream === '' || gap.stream === stream);
  return subtract(
    done.range,
    gaps.map((gap) => gap.range),
  );
}

/** Whether a load was tried and failed there, rather than not come to it yet. */
export function isFailed({ reason }: Missing): boolean {
  return reason !== whileLoading && reason !== withoutToken && reason !== notYet;
}
