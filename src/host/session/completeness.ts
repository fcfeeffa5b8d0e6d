import { message } from '../../core/base/message';
import { missingParts, type Missing, type StreamCoverage } from '../../core/time/missing';
import type { Range } from '../../core/time/range';
import { subtract } from '../../core/time/ranges';
import type { LoadState } from './loading';
import type { Covered } from './opened';

const unknown: Covered = { streams: [{ stream: '', covered: [], byAnyone: [] }], requester: '' };

const whileLoading = message('It is being loaded.');
const withoutToken = message('There is no token to load it with.');
const notYet = message('It is not loaded yet.');
const byOthers = message('It was loaded as another user sees it, and not yet as this one does.');

/** What of a range is proven to be there: stored as complete, or brought by the last load that came to its end. */
export class Completeness {
  #covered = unknown;
  #memo: { readonly key: readonly unknown[]; readonly missing: readonly Missing[] } | undefined;

  /** Another connection, or an emptied history: nothing is known any more. */
  reset(): void {
    this.#covered = unknown;
    this.#memo = undefined;
  }

  /** How many there are. */
  get streams(): number {
    return this.#covered.streams.length;
  }

  know(covered: Covered): void {
    this.#covered = covered;
  }

  /** `requester` is the key of who asks now. */
  missing(range: Range, load: LoadState, requester: string, tokenMissing: boolean): readonly Missing[] {
    const otherwise = load.running ? whileLoading : tokenMissing ? withoutToken : notYet;
    const known = this.#covered;
    const key = [known, range, load.done, load.gaps, otherwise, requester];
    if (this.#memo?.key.every((part, index) => part === key[index])) return this.#memo.missing;
    const streams = known.streams.map(({ stream, covered }) => ({
      stream,
      covered: [...(requester === known.requester ? covered : []), ...loadedBy(load, stream, requester)],
    }));
    const reasons = otherwise === notYet ? [...load.gaps, ...known.streams.flatMap(loadedByOthers)] : load.gaps;
    const missing = missingParts(range, streams, reasons, otherwise);
    this.#memo = { key, missing };
    return missing;
  }
}

/** The newest times are stored as complete only later, for events may still arrive; a load that has ended asked for them all the same. */
function loadedBy({ done }: LoadState, stream: string, requester: string): Range[] {
  if (done?.requester !== requester || !done.streams.some((loaded) => loaded === '' || loaded === stream)) return [];
  const gaps = done.gaps.filter((gap) => gap.stream === '' || gap.stream === stream);
  return subtract(
    done.range,
    gaps.map((gap) => gap.range),
  );
}

function loadedByOthers({ stream, byAnyone }: StreamCoverage): Missing[] {
  return byAnyone.map((range) => ({ stream, range, reason: byOthers, failure: undefined }));
}

/** Whether a load was tried and failed there, rather than not come to it yet. */
export function isFailed({ reason }: Missing): boolean {
  return ![whileLoading, withoutToken, notYet, byOthers].includes(reason);
}
