import { message, type Message } from '../../core/base/message';
import type { DecodedPage } from '../history';

const maxPages = 10_000;
const maxEmptyPages = 100;

let chains = 0;

/** A chain of pages: each asked for with the marker of the one before. */
export class Chain {
  readonly id = ++chains;
  readonly #markers = new Set<string>();
  pages = 0;
  /** The oldest time received; undefined at first. */
  oldest: number | undefined;
  /** Whether the records came newest first. Else nothing follows from where the chain stands. */
  isFalling = true;
  /** Whether the server did not take in the second `to` that the chain was cut at. */
  isCutOff = false;
  /** What speaks against pages that were followed all the same. */
  stray: Message | undefined;
  #emptyPages = 0;

  /**
   * @param to UTC milliseconds, a whole second; asked for inclusively
   * @param sure from where on all is stored once the first page has come
   * @param isCut whether a part of the second `to` was received before: the chain begins with all of it if the server takes it in
   */
  constructor(
    readonly to: number,
    readonly sure: number,
    readonly isCut = false,
  ) {}

  /** Takes note of a page. Returns whether it is the first that begins above where the chain stood. */
  add({ newest, oldest, ordered, records }: DecodedPage): boolean {
    if (this.pages++ === 0) this.isCutOff = this.isCut && !(newest !== undefined && newest >= this.to);
    this.#emptyPages = records > 0 ? 0 : this.#emptyPages + 1;
    const isRising = newest !== undefined && this.isFalling && newest > (this.oldest ?? Infinity);
    if (!ordered || isRising) this.isFalling = false;
    if (oldest !== undefined) this.oldest = Math.min(oldest, this.oldest ?? Infinity);
    return isRising;
  }

  /** Why the chain cannot be followed any further with `marker`. */
  follow(marker: string): Message | undefined {
    if (this.#markers.has(marker))
      return message('The server handed out the same marker twice, so the rest cannot be reached.');
    this.#markers.add(marker);
    if (this.pages >= maxPages) return message('The server sent {0} pages without coming to an end.', maxPages);
    if (this.#emptyPages < maxEmptyPages) return undefined;
    return message('The server sent {0} empty pages one after another.', maxEmptyPages);
  }
}
