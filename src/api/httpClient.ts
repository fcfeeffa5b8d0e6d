import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';
import { RequestError } from '../core/base/errors';
import type { Disposable } from '../core/base/lifecycle';
import { message } from '../core/base/message';
import { explainError } from './explainError';
import { maxHead, trust, type Network } from './network';
import { openSocket } from './openSocket';
import { chooseProxy } from './proxy';
import { readBeginning, readWhole } from './readBody';

/** What a server may cost at most. */
export interface Limits {
  /** Until TCP and TLS stand. */
  readonly connectMs: number;
  /** Without a byte, from the start of the request to the end of the answer; noticed a quarter later at most. */
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

/** Into how many parts the time without a byte is divided. */
const parts = 4;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query; the origin is the client's own. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Called once where the answer turns out to be large; more of it is read when it resolves, however long that takes. */
  readonly onLarge?: ((signal: AbortSignal) => Promise<void>) | undefined;
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

/** Talks to one origin and to no other, so that a token handed to it cannot go elsewhere. Never follows a redirect, never retries. */
export class HttpClient implements Disposable {
  readonly host: string;
  readonly #limits: Limits;
  readonly #pool: Pool;
  readonly #running = new Set<AbortController>();
  readonly #closed = new AbortController();

  /** @throws UserError where `network` cannot be used */
  constructor(origin: string, network: Network = {}, limits: Partial<Limits> = {}) {
    const target = new URL(origin);
    this.host = target.host;
    this.#limits = { ...defaultLimits, ...limits };
    chooseProxy(target, network.proxy);
    trust(network);
    // Waiting for bytes is bounded here: undici's own timers are only exact to a second.
    this.#pool = new Pool(target.origin, {
      maxHeaderSize: maxHead,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, callback) => {
        openSocket(target, network, this.#limits.connectMs, this.#closed.signal).then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error as Error, null),
        );
      },
    });
  }

  /**
   * One request and its answer.
   * @throws RequestError `network`, `timeout`, `tooLarge` or `malformed`; an AbortError when `signal` is aborted or the client disposed of
   */
  async exchange(request: HttpRequest, signal: AbortSignal): Promise<Answer> {
    const own = new AbortController();
    const cancel = () => own.abort(cancelled());
    if (signal.aborted || this.#closed.signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    this.#running.add(own);
    const { idleMs, answerMs } = this.#limits;
    // Counted in parts: a thread that was busy for long had no part in which it could hear, but one.
    let silence = 0;
    const listen = () => {
      if (++silence > parts) own.abort(this.#silent(idleMs));
    };
    const start = () => ({
      idle: setInterval(listen, idleMs / parts),
      whole: setTimeout(() => own.abort(this.#endless(answerMs)), answerMs),
    });
    let timers = start();
    const stop = () => {
      clearInterval(timers.idle);
      clearTimeout(timers.whole);
    };
    const onLarge = async () => {
      stop();
      await request.onLarge?.(own.signal);
      silence = 0;
      timers = start();
    };
    try {
      return await this.#send(request, () => void (silence = 0), onLarge, own.signal);
    } catch (error) {
      throw own.signal.aborted ? own.signal.reason : explainError(error, this.host);
    } finally {
      stop();
      this.#running.delete(own);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Closes all sockets; what is under way ends as cancelled. */
  dispose(): void {
    this.#closed.abort(cancelled());
    for (const running of this.#running) running.abort(cancelled());
    void this.#pool.destroy();
  }

  async #send(
    { headers, method, path, body: sent }: HttpRequest,
    onBytes: () => void,
    onLarge: () => Promise<void>,
    signal: AbortSignal,
  ): Promise<Answer> {
    signal.throwIfAborted();
    const response = await this.#pool.request({
      method,
      path,
      ...(sent !== undefined && { body: sent }),
      headers: { 'user-agent': 'vk-cloud-activity-log', 'accept-encoding': 'gzip', ...headers },
      signal,
    });
    onBytes();
    const { statusCode: status, body } = response;
    const received: IncomingHttpHeaders = response.headers;
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
      const encoding = (received['content-encoding'] ?? 'identity').toLowerCase();
      const zipped = encoding === 'gzip' || encoding === 'x-gzip';
      const readable = zipped || encoding === 'identity' || encoding === '';
      if (status < 200 || status > 299) {
        const beginning = readable ? await readBeginning(count, zipped) : new Uint8Array();
        return { status, headers: received, body: beginning, wireBytes };
      }
      if (!readable) throw this.#unreadable(encoding);
      if (Number(received['content-length']) > maxBytes) throw this.#tooLarge();
      const bound = { bytes: maxBytes, exceeded: () => this.#tooLarge() };
      const whole = await readWhole(count, zipped, bound, onLarge, signal);
      return { status, headers: received, body: whole, wireBytes };
    } finally {
      // Does nothing to a body that was read to its end; closes the socket of one that was not.
      body.on('error', () => undefined).destroy();
    }
  }

  #unreadable(encoding: string): RequestError {
    const text = message(
      '{0} answers in an encoding that was not asked for ({1}). Check for a proxy on the way.',
      this.host,
      encoding.slice(0, 20),
    );
    return new RequestError('malformed', text);
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

function cancelled(): DOMException {
  return new DOMException('Cancelled', 'AbortError');
}
