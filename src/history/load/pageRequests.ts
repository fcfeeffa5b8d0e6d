import { RequestError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import { Serial } from '../../core/base/serial';
import type { EventSource, PageRequest } from '../../core/event/source';
import type { DecodedPage } from '../ingest/preparePage';
import type { Chain } from './chain';
import { doubtPage, PagePlaces, type Doubt, type Question } from './provePage';
import { readPage, type ReadPage } from './readPage';

/** How often a page that is no page is asked for again. */
const malformedRetries = 2;

/** A page size that every documented server takes [vendor]; the real maximum is not known. */
const safeLimit = 100;

interface RequestServices {
  readonly source: EventSource;
  readonly pageSize: number;
  waitForToken(signal: AbortSignal): Promise<void>;
  readonly log: Log;
}

/** Asks for the pages of one load: waits for a new token where the old one is refused, asks again where a page is damaged. */
export class PageRequests {
  readonly #options: RequestServices;
  readonly #signal: AbortSignal;
  #limit: number;
  #tokens = 0;
  #renewal: Promise<void> | undefined;
  #answered = 0;
  #servedAt: number;
  readonly #places = new PagePlaces();
  readonly #large = new Serial();
  /** The most records that a page had. */
  #fullest = 0;

  constructor(options: RequestServices, now: number, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#servedAt = now;
    this.#limit = options.pageSize;
  }

  /** Whether any page came. */
  hasAnswers(): boolean {
    return this.#answered > 0;
  }

  /** When the first page came, in UTC milliseconds: by the clock here or by the server's, whichever is behind. */
  get servedAt(): number {
    return this.#servedAt;
  }

  /** What speaks against the next page of a chain that `question` began: that it answers another, that it stood elsewhere. */
  doubts(question: Question, page: DecodedPage, chain: Chain): Doubt[] {
    if (this.#options.source.isWhole) return [];
    const doubts = [doubtPage(question, page), this.#places.add(question.component, page, chain)];
    return doubts.filter((doubt) => doubt !== undefined);
  }

  /**
   * Whether a page without a marker may not be the last. Where `asked` records were asked for: whether it has them all. Else: no
   * page had more records, and it has as many as some server hands out at once.
   */
  isFull({ records }: DecodedPage, asked: number | undefined): boolean {
    if (this.#options.source.isWhole) return false;
    return records >= (asked ?? Math.max(this.#fullest, Math.min(this.#limit, safeLimit)));
  }

  /** The page, which is to be stored or released. @throws RequestError when it fails for good */
  async fetch(request: Omit<PageRequest, 'limit'> & { readonly limit?: number | undefined }): Promise<ReadPage> {
    const limit = Math.min(request.limit ?? Infinity, this.#limit);
    try {
      return await this.#fetch({ ...request, limit });
    } catch (error) {
      if (!isFailure(error, 'badRequest')) throw error;
      // Meanwhile another request may have shown that the limit is what is refused.
      if (limit > this.#limit) return await this.#fetch({ ...request, limit: this.#limit });
      // Once pages came, the limit is fine.
      if (this.#answered > 0 || request.marker !== undefined || limit <= safeLimit) throw error;
      let page: ReadPage;
      try {
        page = await this.#fetch({ ...request, limit: safeLimit });
      } catch (second) {
        throw isFailure(second, 'badRequest') ? error : second;
      }
      if (this.#limit > safeLimit) {
        this.#options.log.warn(`The server refuses ${this.#limit} records a page; going on with ${safeLimit}`);
      }
      this.#limit = safeLimit;
      return page;
    }
  }

  async #fetch(request: PageRequest): Promise<ReadPage> {
    const { source, log } = this.#options;
    for (let malformed = 0; ;) {
      this.#signal.throwIfAborted();
      await this.#renewal;
      const tokens = this.#tokens;
      try {
        const page = await readPage(source, this.#large, request, this.#signal);
        this.#fullest = Math.max(this.#fullest, page.records);
        if (this.#answered++ === 0) this.#servedAt = Math.min(this.#servedAt, page.clock ?? Infinity);
        if (!this.#signal.aborted) return page;
        page.release();
      } catch (error) {
        this.#signal.throwIfAborted();
        if (isFailure(error, 'unauthorized')) await this.#renewToken(tokens);
        else if (!isFailure(error, 'malformed') || malformed++ >= malformedRetries) throw error;
        else log.warn('A page could not be read; asking for it again');
      }
    }
  }

  /** One renewal serves all requests that were sent with the token numbered `tokens`. */
  #renewToken(tokens: number): Promise<void> {
    if (tokens !== this.#tokens) return Promise.resolve();
    this.#renewal ??= this.#options
      .waitForToken(this.#signal)
      .then(() => {
        this.#tokens++;
      })
      .finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }
}

export function isFailure(error: unknown, ...failures: readonly RequestError['failure'][]): error is RequestError {
  return error instanceof RequestError && failures.includes(error.failure);
}
