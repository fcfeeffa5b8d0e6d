/** Numbers that only look random: the same seed gives the same sequence on every machine. */
export class Random {
  #state = 0x811c9dc5;

  constructor(seed: string) {
    for (let i = 0; i < seed.length; i++) this.#state = Math.imul(this.#state ^ seed.charCodeAt(i), 0x01000193);
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.int(0, items.length - 1)] ?? items[0];
  }

  text(length: number, alphabet: string): string {
    let text = '';
    while (text.length < length) text += alphabet.charAt(this.int(0, alphabet.length - 1));
    return text;
  }

  hex(digits: number): string {
    return this.text(digits, '0123456789abcdef');
  }

  password(length = 16): string {
    return this.text(length, 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789');
  }

  /** Version 4, lower case. */
  uuid(): string {
    return [8, 4, 4, 4, 12]
      .map((digits, part) => {
        if (part === 2) return '4' + this.hex(3);
        if (part === 3) return this.pick(['8', '9', 'a', 'b']) + this.hex(3);
        return this.hex(digits);
      })
      .join('-');
  }
}

/** The id of a resource that lives in several stories and in the sample's Terraform state: the same for the same name, always. */
export function idOf(name: string): string {
  return new Random(name).uuid();
}
