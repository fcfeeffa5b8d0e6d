/** A span of time in UTC milliseconds: `from` inclusive, `to` exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The span from `from` to the end of the second that `to` falls in. */
export function inclusiveRange(from: number, to: number): Range {
  return { from, to: Math.floor(to / 1000) * 1000 + 1000 };
}
