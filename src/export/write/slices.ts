/** Cuts `text` into slices of at most `size` UTF-16 units (at least 2), never between the halves of a surrogate pair. */
export function* slices(text: string, size: number): Generator<string> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + size, text.length);
    if (end < text.length && isLeading(text.charCodeAt(end - 1)) && isTrailing(text.charCodeAt(end))) end--;
    yield text.slice(start, end);
    start = end;
  }
}

function isLeading(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isTrailing(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
