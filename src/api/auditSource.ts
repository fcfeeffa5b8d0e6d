import { RequestError, type RequestFailure } from '../core/base/errors';
import type { Disposable } from '../core/base/lifecycle';
import { message } from '../core/base/message';
import type { EventSource, PageRequest } from '../core/event/source';
import { checkTokenText, readAddress } from './address';
import { explainStatus } from './explainStatus';
import { HttpClient, type Answer, type HttpRequest, type Limits } from './httpClient';
import type { Network } from './network';
import { looksLikeHtml, quoteRefusal } from './quoteRefusal';
import { defaultPolicy, Pause, retry, type RetryPolicy } from './retry';

/** What became of one attempt; for the log. Holds neither token nor query. */
export interface Attempt {
  readonly number: number;
  readonly host: string;
  readonly milliseconds: number;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  /** Over the wire, body only. */
  readonly bytes: number;
  /** Undefined for a success. */
  readonly failure: RequestFailure | 'cancelled' | undefined;
}

export interface AuditOptions {
  /** The Audit endpoint: https, or http on loopback; without `/logs`. */
  readonly endpoint: string;
  /** Read anew for each attempt, so that a renewed token is used at once. */
  token(): string | undefined | Promise<string | undefined>;
  readonly network?: Network;
  readonly limits?: Partial<Limits>;
  readonly retry?: Partial<RetryPolicy>;
  onAttempt?(attempt: Attempt): void;
}

/**
 * The Audit API of one project as a source of events. `GET {endpoint}/logs` with the token in `X-Auth-Token` [spec].
 * @throws UserError where the endpoint is none or the network cannot be used
 */
export function createAuditSource(options: AuditOptions): EventSource & Disposable {
  return new AuditSource(options);
}

class AuditSource implements EventSource, Disposable {
  readonly #options: AuditOptions;
  readonly #client: HttpClient;
  readonly #path: string;
  readonly #policy: RetryPolicy;
  readonly #pause = new Pause();
  #clock: number | undefined;

  constructor(options: AuditOptions) {
    const { origin, pathname } = readAddress(options.endpoint);
    this.#options = options;
    this.#client = new HttpClient(origin, options.network, options.limits);
    this.#path = `${pathname.replace(/(?<!\/)\/+$/, '')}/logs`;
    this.#policy = { ...defaultPolicy, ...options.retry };
  }

  async page(request: PageRequest, signal: AbortSignal): Promise<Uint8Array> {
    const path = `${this.#path}?${queryOf(request)}`;
    const { onLarge } = request;
    return retry((number) => this.#attempt({ path, onLarge }, number, signal), this.#policy, this.#pause, signal);
  }

  clock(): number | undefined {
    return this.#clock;
  }

  dispose(): void {
    this.#client.dispose();
  }

  async #attempt(
    request: Pick<HttpRequest, 'path' | 'onLarge'>,
    number: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const start = performance.now();
    let answer: Answer | undefined;
    let failure: Attempt['failure'];
    try {
      const token = await this.#token();
      const headers = { accept: 'application/json', 'x-auth-token': token };
      answer = await this.#client.exchange({ method: 'GET', headers, ...request }, signal);
      const time = Date.parse(answer.headers.date ?? '');
      if (!Number.isNaN(time)) this.#clock = time;
      return this.#accept(answer, token);
    } catch (error) {
      failure = error instanceof RequestError ? error.failure : 'cancelled';
      throw error;
    } finally {
      this.#options.onAttempt?.({
        number,
        host: this.#client.host,
        milliseconds: Math.round(performance.now() - start),
        status: answer?.status,
        bytes: answer?.wireBytes ?? 0,
        failure,
      });
    }
  }

  async #token(): Promise<string> {
    const token = await this.#options.token();
    if (!token)
      throw new RequestError(
        'unauthorized',
        message('There is no token for {0}. Set a token first.', this.#client.host),
      );
    checkTokenText(token);
    return token;
  }

  #accept(answer: Answer, token: string): Uint8Array {
    const { status, headers, body } = answer;
    const { host } = this.#client;
    if (status < 200 || status > 299) throw explainStatus(answer, host, 'log', [token]);
    if (isCutOff(body))
      throw new RequestError(
        'network',
        message('The answer of {0} came only in part. Try again; if this persists, check the network.', host),
      );
    if (!looksLikeHtml(headers['content-type'], body)) return body;
    const title = quoteRefusal(answer, [token]) || 'HTML';
    const text = message(
      'A web page ({1}) came instead of the log of {0}. Check the endpoint, and whether the network asks for a sign-in.',
      host,
      title,
    );
    throw new RequestError('malformed', text, { status });
  }
}

/** Whether JSON begins that does not end: all that tells of a connection that was closed early where the answer had no length. */
function isCutOff(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const begins = /^\s*[[{]/.test(bytes.toString('latin1', 0, 64));
  return begins && !/[\]}]\s*$/.test(bytes.toString('latin1', Math.max(0, bytes.length - 64)));
}

/** `limit`, `from` and `to` are always sent: their defaults differ between installations, and an open `to` would shift the pages. */
function queryOf({ component, from, to, marker, limit }: PageRequest): string {
  const query = new URLSearchParams({
    limit: String(limit),
    from: rfc3339(Math.floor(from / 1000)),
    to: rfc3339(Math.ceil(to / 1000)),
  });
  if (component !== undefined) query.set('source', component);
  if (marker !== undefined) query.set('marker', marker);
  return query.toString();
}

function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
