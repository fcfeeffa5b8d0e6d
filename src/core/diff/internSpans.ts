/** Items that are stretches of a text. */
export interface Spans {
  readonly text: string;
  readonly from: Int32Array;
  /** Exclusive. */
  readonly to: Int32Array;
}

/** The lines of a text, without their ends. */
export function lineSpans(text: string): Spans {
  const from = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) from.push(at + 1);
  const starts = new Int32Array(from);
  const to = new Int32Array(starts.length).fill(text.length);
  for (let index = 1; index < starts.length; index++) to[index - 1] = (starts[index] as number) - 1;
  return { text, from: starts, to };
}

/** Items that stand one behind the other. */
export function spansOf(items: readonly string[]): Spans {
  const from = new Int32Array(items.length);
  const to = new Int32Array(items.length);
  let length = 0;
  items.forEach((item, index) => {
    from[index] = length;
    to[index] = length += item.length;
  });
  return { text: items.join(''), from, to };
}

/** Numbers the items of both lists so that equal ones have equal numbers. A table of its own: a Map of millions of strings is slow. */
export function internSpans(a: Spans, b: Spans): { a: Int32Array; b: Int32Array; size: number } {
  const count = a.from.length + b.from.length;
  const bits = Math.ceil(Math.log2(Math.max(16, count * 2)));
  const slots = new Int32Array(2 ** bits); // number + 1
  const hashes = new Int32Array(count);
  const sources: Spans[] = [];
  const places = new Int32Array(count);
  let size = 0;

  const number = (spans: Spans, index: number): number => {
    const { text } = spans;
    const from = spans.from[index] as number;
    const to = spans.to[index] as number;
    let hash = to - from;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
    let slot = Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
    for (let known = slots[slot] as number; known > 0; known = slots[slot] as number) {
      const other = known - 1;
      if (hashes[other] === hash && areEqual(spans, index, sources[other] as Spans, places[other] as number))
        return other;
      slot = (slot + 1) % slots.length;
    }
    slots[slot] = size + 1;
    hashes[size] = hash;
    sources.push(spans);
    places[size] = index;
    return size++;
  };
  return {
    a: Int32Array.from(a.from, (_, index) => number(a, index)),
    b: Int32Array.from(b.from, (_, index) => number(b, index)),
    size,
  };
}

function areEqual(a: Spans, i: number, b: Spans, j: number): boolean {
  const from = a.from[i] as number;
  const other = b.from[j] as number;
  const length = (a.to[i] as number) - from;
  if ((b.to[j] as number) - other !== length) return false;
  for (let at = 0; at < length; at++) {
    if (a.text.charCodeAt(from + at) !== b.text.charCodeAt(other + at)) return false;
  }
  return true;
}
