import { record, recordLimit } from './biff';
import type { Scratch } from './writer';

const shortText = 64;
const maxRemembered = 50_000;
const chunkSize = 256 * 1024;

/**
 * The table of texts of an xls workbook (SST and its CONTINUE records), grown on disk: it stands before the cells in the
 * file but is known only after them. Short texts are written once as long as the memory set aside for them lasts.
 */
export class SharedTexts {
  readonly #known = new Map<string, number>();
  /** The content of the first record after its counts, which are known at the end. */
  #first: Buffer | undefined;
  #content = Buffer.alloc(recordLimit);
  #used = 0;
  #limit = recordLimit - 8;
  #ready: Buffer[] = [];
  #readySize = 0;
  #uses = 0;
  #texts = 0;
  #written = 0;

  constructor(private readonly scratch: Scratch) {}

  /** Bytes of the records so far. */
  get size(): number {
    return this.#first ? 12 + this.#first.length + this.#written + this.#readySize + 4 + this.#used : 12 + this.#used;
  }

  /** The number of `text` (at most 32,767 units), which is added where it is new. */
  add(text: string): number {
    this.#uses++;
    const known = text.length <= shortText ? this.#known.get(text) : undefined;
    if (known !== undefined) return known;
    const index = this.#texts++;
    if (text.length <= shortText && this.#known.size < maxRemembered) this.#known.set(text, index);
    this.#write(text);
    return index;
  }

  /** Puts on disk what has gathered; to be called after each text. */
  async flush(): Promise<void> {
    if (this.#readySize < chunkSize) return;
    await this.#append();
  }

  /** The finished records. Nothing may be added after. */
  async *records(): AsyncGenerator<Uint8Array> {
    this.#endRecord();
    await this.#append();
    const counts = Buffer.alloc(8);
    counts.writeUInt32LE(this.#uses, 0);
    counts.writeUInt32LE(this.#texts, 4);
    yield record(0x00fc, Buffer.concat([counts, this.#first ?? Buffer.alloc(0)]));
    yield* this.scratch.read();
  }

  #write(text: string): void {
    const wide = /[^\u0000-\u00ff]/.test(text);
    const unit = wide ? 2 : 1;
    const bytes = Buffer.from(wide ? text.replace(/\p{Cs}/gu, '\ufffd') : text, wide ? 'utf16le' : 'latin1');
    // Length, kind and first character must not be parted, nor a surrogate pair: not all readers put it together again.
    if (this.#limit - this.#used < 3 + 2 * unit) this.#endRecord();
    this.#used = this.#content.writeUInt16LE(text.length, this.#used);
    this.#used = this.#content.writeUInt8(wide ? 1 : 0, this.#used);
    for (let start = 0; start < bytes.length;) {
      const room = this.#limit - this.#used;
      if (room < 2 * unit) {
        this.#endRecord();
        this.#used = this.#content.writeUInt8(wide ? 1 : 0, this.#used); // the kind is said again
        continue;
      }
      let end = Math.min(bytes.length, start + room - (room % unit));
      if (wide && end < bytes.length && (bytes[end - 1] ?? 0) >> 2 === 0xd8 >> 2) end -= 2; // a leading surrogate
      this.#used += bytes.copy(this.#content, this.#used, start, end);
      start = end;
    }
  }

  #endRecord(): void {
    const content = this.#content.subarray(0, this.#used);
    if (!this.#first) this.#first = Buffer.from(content);
    else if (content.length > 0) {
      const bytes = record(0x003c, content);
      this.#ready.push(bytes);
      this.#readySize += bytes.length;
    }
    this.#used = 0;
    this.#limit = recordLimit;
  }

  async #append(): Promise<void> {
    const bytes = Buffer.concat(this.#ready);
    this.#ready = [];
    this.#readySize = 0;
    this.#written += bytes.length;
    await this.scratch.append(bytes);
  }
}
