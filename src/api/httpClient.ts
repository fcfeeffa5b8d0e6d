import type { IncomingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createGunzip, gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { RequestError } from '../core/errors';
import type { Disposable } from '../core/lifecycle';
import { message } from '../core/message';
import { explainError } from './explainError';
import { openDispatcher, readProxy, type Network } from './network';

/** What a server may cost at most. */
export interface Limits {
  /** Until TCP and TLS stand. */
  readonly connectMs: number;
  /** Without a byte, from the start of the request to the end of the answer. */
  readonly idleMs: number;
  /** For a whole answer, however steadily it comes. */
  readonly answerMs: number;
  /** Of an answer, before as well as after decompression. */
  readonly maxBytes: number;
}

export const defaultLimits: Limits = {
  connectMs: 8_000,
  idleMs: 10_000,
  answerMs: 120_000,
  maxBytes: 64 * 1024 * 1024,
};

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query; the origin is the client's own. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer of any status. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed, in memory of its own. Of a refusal only the beginning. */
  readonly body: Uint8Array;
  /** How much came over the wire. */
  readonly wireBytes: number;
}

const refusalBytes = 64 * 1024;

/** Talks to one origin and to no other, so that a token handed to it cannot go elsewhere. Never follows a redirect, never retries. */
export class HttpClient implements Disposable {
  readonly origin: string;
  readonly host: string;
  readonly #proxy: string | undefined;
  readonly #limits: Limits;
  readonly #dispatcher: Dispatcher;
  readonly #running = new Set<AbortController>();
  #disposed = false;

  /** @throws UserError where `network` cannot be used */
  constructor(origin: string, network: Network = {}, limits: Partial<Limits> = {}) {
    ({ origin: this.origin, host: this.host } = new URL(origin));
    this.#limits = { ...defaultLimits, ...limits };
    this.#proxy = network.proxy === undefined ? undefined : readProxy(network.proxy).host;
    this.#dispatcher = openDispatcher(network, this.#limits.connectMs);
  }

  /**
   * One request and its answer.
   * @throws RequestError `network`, `timeout`, `tooLarge` or `malformed`; an AbortError when `signal` is aborted or the client disposed of
   */
  async exchange(request: HttpRequest, signal: AbortSignal): Promise<Answer> {
    const own = new AbortController();
    const cancel = () => own.abort(new DOMException('Cancelled', 'AbortError'));
    if (signal.aborted || this.#disposed) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    this.#running.add(own);
    const { idleMs, answerMs } = this.#limits;
    const idle = setTimeout(() => own.abort(this.#silent(idleMs)), idleMs);
    const whole = setTimeout(() => own.abort(this.#endless(answerMs)), answerMs);
    try {
      return await this.#send(request, () => void idle.refresh(), own.signal);
    } catch (error) {
      throw own.signal.aborted ? own.signal.reason : explainError(error, this.host, this.#proxy);
    } finally {
      clearTimeout(idle);
      clearTimeout(whole);
      this.#running.delete(own);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Closes all sockets; what is under way ends as cancelled. */
  dispose(): void {
    this.#disposed = true;
    for (const running of this.#running) running.abort(new DOMException('Cancelled', 'AbortError'));
    void this.#dispatcher.destroy();
  }

  async #send({ headers, ...request }: HttpRequest, onBytes: () => void, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const response = await this.#dispatcher.request({
      ...request,
      origin: this.origin,
      headers: { 'user-agent': 'vk-cloud-activity-log', 'accept-encoding': 'gzip', ...headers },
      signal,
    });
    onBytes();
    const { statusCode: status, headers: received, body } = response;
    let wireBytes = 0;
    const { maxBytes } = this.#limits;
    const count = async function* (this: HttpClient): AsyncGenerator<Buffer> {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        onBytes();
        wireBytes += chunk.length;
        if (wireBytes > maxBytes) throw this.#tooLarge();
        yield chunk;
      }
    }.bind(this);

    try {
      const zipped = this.#isZipped(received);
      if (status < 200 || status > 299)
        return { status, headers: received, body: await beginning(count(), zipped), wireBytes };
      if (Number(received['content-length']) > maxBytes) throw this.#tooLarge();
      const collected = new Collector(maxBytes, () => this.#tooLarge());
      const collect = (chunks: AsyncIterable<Buffer>) => collected.take(chunks);
      if (zipped) await pipeline(count, createGunzip({ chunkSize: 256 * 1024 }), collect, { signal });
      else await collect(count());
      return { status, headers: received, body: collected.join(), wireBytes };
    } finally {
      // Does nothing to a body that was read to its end; closes the socket of one that was not.
      body.on('error', () => undefined).destroy();
    }
  }

  #isZipped(headers: IncomingHttpHeaders): boolean {
    const encoding = (headers['content-encoding'] ?? '').toLowerCase();
    if (encoding === '' || encoding === 'identity') return false;
    if (encoding === 'gzip' || encoding === 'x-gzip') return true;
    throw new RequestError(
      'malformed',
      message(
        '{0} answers in an encoding that was not asked for ({1}). Check for a proxy on the way.',
        this.host,
        encoding,
      ),
    );
  }

  #silent(ms: number): RequestError {
    const text = message(
      '{0} sent nothing for {1} seconds. Check the network connection, then try again.',
      this.host,
      ms / 1000,
    );
    return new RequestError('timeout', text);
  }

  #endless(ms: number): RequestError {
    const text = message(
      'The answer of {0} was not complete after {1} seconds. Try again, or ask for fewer events per page.',
      this.host,
      ms / 1000,
    );
    return new RequestError('timeout', text);
  }

  #tooLarge(): RequestError {
    const megabytes = Math.round(this.#limits.maxBytes / (1024 * 1024));
    const text = message(
      'The answer of {0} is larger than {1} MB and was refused. Ask for fewer events per page.',
      this.host,
      megabytes,
    );
    return new RequestError('tooLarge', text);
  }
}

/** Gathers chunks up to a bound. */
class Collector {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(
    readonly maxBytes: number,
    readonly tooLarge: () => Error,
  ) {}

  async take(chunks: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of chunks) {
      this.#length += chunk.length;
      if (this.#length > this.maxBytes) throw this.tooLarge();
      this.#chunks.push(chunk);
    }
  }

  /** All of it in an ArrayBuffer of its own, so that it can be transferred to another thread. */
  join(): Uint8Array {
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    return joined;
  }
}

/** As much of a refusal's body as a short quotation needs; empty where it cannot be read. */
async function beginning(body: AsyncIterable<Buffer>, zipped: boolean): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= refusalBytes) break;
  }
  const read = Buffer.concat(chunks).subarray(0, refusalBytes);
  if (!zipped) return read;
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 20 };
  return promisify(gunzip)(read, options).catch(() => new Uint8Array());
}
