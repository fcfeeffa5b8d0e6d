import { randomInt } from 'node:crypto';
import { message, type Message } from '../../core/base/message';
import { settlingTime } from '../history';
import type { DecodedPage } from '../ingest/preparePage';

const second = 1000;
const maxPages = 10_000;
const maxEmptyPages = 100;

/** A chain of pages: each asked for with the marker of the one before. */
export class Chain {
  /** That of no other one, in whichever thread that is or was. */
  readonly id = randomInt(2 ** 48 - 1);
  readonly #markers = new Set<string>();
  readonly #prints = new Set<string>();
  pages = 0;
  /** The print of the last page; undefined where no other chain can have the next one after the same. */
  print: string | undefined;
  /** How many records the next page is to have at most, where that is less than usual. */
  limit: number | undefined;
  /** The oldest time received, and the newest of the first page with any; undefined at first. */
  oldest: number | undefined;
  newest: number | undefined;
  /** Whether the records came newest first. Else nothing follows from where the chain stands. */
  isFalling = true;
  /** Whether the server did not take in the second `to` that the chain was cut at. */
  isCutOff = false;
  /** What speaks against pages that were followed all the same. */
  stray: Message | undefined;
  #emptyPages = 0;

  /**
   * @param to UTC milliseconds, a whole second; asked for inclusively
   * @param sure from where on, down to UTC milliseconds, all is stored once the first page has come
   * @param isCut whether a part of the second `to` was received before: the chain begins with all of it if the server takes it in
   */
  constructor(
    readonly to: number,
    public sure: number,
    readonly isCut = false,
  ) {}

  /** Takes note of a page. Returns whether it is the first that begins above where the chain stood. */
  add({ newest, oldest, ordered, records, print }: DecodedPage): boolean {
    if (this.pages++ === 0) this.isCutOff = this.isCut && !(newest !== undefined && newest >= this.to);
    this.#emptyPages = records > 0 ? 0 : this.#emptyPages + 1;
    const isRising = newest !== undefined && this.isFalling && newest > (this.oldest ?? Infinity);
    if (!ordered || isRising) this.isFalling = false;
    if (records > 0) this.#prints.add((this.print = print));
    this.newest ??= newest;
    const above = this.oldest;
    if (oldest !== undefined) this.oldest = Math.min(oldest, above ?? Infinity);
    if (above !== undefined && this.hasFallen && !this.stray) this.sure = Math.min(this.sure, this.#sureFrom(above));
    return isRising;
  }

  /** Whether a page with the same records came before. */
  has(print: string): boolean {
    return this.#prints.has(print);
  }

  /** Whether times fell at all: pages of one time alone do not show that the newest come first. */
  get hasFallen(): boolean {
    return this.isFalling && (this.newest ?? 0) > (this.oldest ?? Infinity);
  }

  /**
   * What lies above the page before is complete when the next one goes on below it. An event whose clock was ahead comes among
   * older ones, so as much is left out as clocks may differ.
   */
  #sureFrom(above: number): number {
    return (Math.floor(Math.max(above, (this.oldest ?? above) + settlingTime) / second) + 1) * second;
  }

  /** Why the chain cannot be followed any further with `marker`. */
  follow(marker: string): Message | undefined {
    if (this.#markers.has(marker))
      return message('The server handed out the same marker twice, so the rest cannot be reached.');
    this.#markers.add(marker);
    // Behind a shorter page all pages begin elsewhere than usual.
    if (this.limit !== undefined) this.print = undefined;
    this.limit = undefined;
    if (this.pages >= maxPages) return message('The server sent {0} pages without coming to an end.', maxPages);
    if (this.#emptyPages < maxEmptyPages) return undefined;
    return message('The server sent {0} empty pages one after another.', maxEmptyPages);
  }
}
