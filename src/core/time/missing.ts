import type { RequestFailure } from '../base/errors';
import type { Message } from '../base/message';
import type { Range } from './range';
import { intersect, subtract } from './ranges';

/** Times of a stream that are not known to be complete. */
export interface Missing {
  /** The component; '' = all components. */
  readonly stream: string;
  readonly range: Range;
  readonly reason: Message;
  /** What the last request failed with, where one did. */
  readonly failure: RequestFailure | undefined;
}

/** What is proven to be there of one stream. */
export interface StreamCoverage {
  readonly stream: string;
  /** As far as whoever asks may see. */
  readonly covered: readonly Range[];
  /** What others loaded is in it, too: they may have seen less. */
  readonly byAnyone: readonly Range[];
}

/**
 * What of `range` is missing, newest first: all that no coverage proves to be there. Where `reasons` speak of a part
 * they say why; `otherwise` is said of the rest.
 */
export function missingParts(
  range: Range,
  streams: readonly Pick<StreamCoverage, 'stream' | 'covered'>[],
  reasons: readonly Missing[],
  otherwise: Message,
): Missing[] {
  const parts: Missing[] = [];
  for (const { stream, covered } of streams) {
    let rest = subtract(range, covered);
    for (const { stream: of, range: where, reason, failure } of reasons) {
      if (of !== '' && of !== stream) continue;
      for (const part of rest) {
        const shared = intersect(part, where);
        if (shared) parts.push({ stream, range: shared, reason, failure });
      }
      rest = rest.flatMap((part) => subtract(part, [where]));
    }
    for (const part of rest) parts.push({ stream, range: part, reason: otherwise, failure: undefined });
  }
  return parts.sort((a, b) => b.range.to - a.range.to || (a.stream < b.stream ? -1 : 1));
}

/** How much of a row's time is there. */
export interface Presence {
  /** The parts of its day or hour that are loaded, where that is not all of it. */
  readonly parts: readonly Range[] | undefined;
  /** Whether something of the chosen range is missing from it. */
  readonly incomplete: boolean;
}

/** What of `span` (undefined: of all times) is there, when `range` is looked at and `missing` of it are not loaded. */
export function presenceOf(span: Range | undefined, range: Range, missing: readonly Range[]): Presence {
  if (!span) return { parts: undefined, incomplete: missing.some((part) => intersect(range, part)) };
  const wanted = intersect(span, range);
  if (!wanted) return { parts: [], incomplete: false };
  const parts = subtract(wanted, missing);
  const incomplete = !isOnly(parts, wanted);
  return { parts: isOnly(parts, span) ? undefined : parts, incomplete };
}

/**
 * The range that a view has come to while a load looks for what is newer: without the newest part that is still missing.
 * What is shown is no less complete because somebody asks for more.
 */
export function reachedRange(range: Range, missing: readonly Range[]): Range {
  const newest = missing.find(({ from, to }) => to >= range.to && from > range.from);
  return newest ? { from: range.from, to: newest.from } : range;
}

function isOnly(parts: readonly Range[], { from, to }: Range): boolean {
  return parts.length === 1 && parts[0]?.from === from && parts[0].to === to;
}
