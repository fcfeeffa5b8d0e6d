/**
 * A sorted list of 64-bit entries: 48 bits of hash, then 16 bits that tell which of 65,536 consecutive events it leads to.
 * Held as pairs of 32-bit words, low word first, as every machine that runs VS Code keeps 64-bit numbers: so the engine
 * sorts them itself.
 */
export const maxOrdinal = 0xffff;

/** Collects entries. */
export class PostingList {
  #words = new Uint32Array(1 << 14);
  #used = 0;

  get size(): number {
    return this.#used >>> 1;
  }

  /** `ordinal` = number of the event, counted from the first one of the list. */
  add(hash: number, ordinal: number): void {
    this.#reserve(2);
    this.#words[this.#used++] = (hash % 0x10000) * 0x10000 + ordinal;
    this.#words[this.#used++] = hash / 0x10000;
  }

  /** Adds entries whose ordinals count from an event `shift` places later. */
  addShifted(bytes: Uint8Array, shift: number): void {
    const words = wordsOf(bytes);
    this.#reserve(words.length);
    this.#words.set(words, this.#used);
    const end = this.#used + words.length;
    if (shift > 0) for (let at = this.#used; at < end; at += 2) this.#words[at] = (this.#words[at] ?? 0) + shift;
    this.#used = end;
  }

  sort(): Uint32Array {
    const words = this.#words.slice(0, this.#used);
    new BigUint64Array(words.buffer).sort();
    return words;
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#words.length) return;
    const larger = new Uint32Array(Math.max(this.#words.length * 2, this.#used + more));
    larger.set(this.#words.subarray(0, this.#used));
    this.#words = larger;
  }
}

/** Entries as stored. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  return bytes.byteOffset % 4 === 0
    ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2)
    : new Uint32Array(bytes.slice().buffer);
}

/** The ordinals of the entries with this hash. */
export function findOrdinals(words: Uint32Array, hash: number): number[] {
  let from = 0;
  let to = words.length >>> 1;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (hashAt(words, middle * 2) < hash) from = middle + 1;
    else to = middle;
  }
  const found: number[] = [];
  for (let at = from * 2; at < words.length && hashAt(words, at) === hash; at += 2) found.push(ordinalAt(words, at));
  return found;
}

/** The hash of the entry whose words begin at `at`. */
export function hashAt(words: Uint32Array, at: number): number {
  return (words[at + 1] ?? 0) * 0x10000 + ((words[at] ?? 0) >>> 16);
}

/** The ordinal of that entry. */
export function ordinalAt(words: Uint32Array, at: number): number {
  return (words[at] ?? 0) & maxOrdinal;
}

export function isSameHash(left: Uint32Array, l: number, right: Uint32Array, r: number): boolean {
  return left[l + 1] === right[r + 1] && (left[l] ?? 0) >>> 16 === (right[r] ?? 0) >>> 16;
}

/** Where in `left` entries stand whose hash is in `right`, too. */
export function findShared(left: Uint32Array, right: Uint32Array): number[] {
  const found: number[] = [];
  for (let l = 0, r = 0; l < left.length && r < right.length;) {
    const order = hashAt(left, l) - hashAt(right, r);
    if (order === 0) found.push(l);
    if (order <= 0) l += 2;
    else r += 2;
  }
  return found;
}
