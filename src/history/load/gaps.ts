import type { RequestFailure } from '../../core/base/errors';
import { format, type Message } from '../../core/base/message';
import type { Range } from '../../core/time/range';

/** Times of a stream that could not be loaded. */
export interface Gap {
  /** The component; '' = all components. */
  readonly stream: string;
  readonly range: Range;
  readonly reason: Message;
  /** What the last request failed with, where one did. */
  readonly failure: RequestFailure | undefined;
}

/** The gaps newest first, neighbours of one stream and one reason as one. */
export function joinGaps(gaps: readonly Gap[]): Gap[] {
  const joined: Gap[] = [];
  const sorted = gaps.toSorted((a, b) =>
    a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : b.range.to - a.range.to,
  );
  for (const gap of sorted) {
    const last = joined.at(-1);
    if (last?.stream === gap.stream && last.range.from === gap.range.to && isSameReason(last, gap)) {
      joined[joined.length - 1] = { ...last, range: { from: gap.range.from, to: last.range.to } };
    } else joined.push(gap);
  }
  return joined.sort((a, b) => b.range.to - a.range.to);
}

function isSameReason(a: Gap, b: Gap): boolean {
  return a.failure === b.failure && format(a.reason) === format(b.reason);
}
