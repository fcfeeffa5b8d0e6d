import type { Attempt } from '../../api';
import type { Disposable } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import type { Connection } from './connections';
import type { Renewal } from './renewal';
import type { Token, Tokens } from './tokens';

interface Parts {
  readonly tokens: Tokens;
  readonly renewal: Renewal;
  readonly log: Log;
}

/** New tokens in a row that the server refused, too, until that is taken for its last word. */
const maxRefused = 2;

/** Gives out the tokens that the log of a connection is asked with, and knows what became of them. */
export class SentTokens {
  readonly #connection: Connection;
  readonly #parts: Parts;
  #sent: string | undefined;
  #accepted: string | undefined;
  #inVain = 0;

  constructor(connection: Connection, parts: Parts) {
    this.#connection = connection;
    this.#parts = parts;
  }

  /** Tells when {@link next} may give another token. */
  onDidChange(listener: () => void): Disposable {
    return this.#parts.tokens.onDidChange((id) => {
      if (id === this.#connection.id) listener();
    });
  }

  /** The token for the next attempts. `admit` is shown it first, and throws where the load is not to go on with it. */
  next(admit: (token: Token) => void): string | undefined {
    const held = this.#parts.tokens.held(this.#connection);
    if (held) admit(held);
    return (this.#sent = held?.token);
  }

  /** What became of the attempt. */
  attempted({ number, host, milliseconds, status, bytes, failure }: Attempt): void {
    if (failure === undefined) this.#accepted = this.#sent;
    this.#parts.log.info(`${host}: ${failure ?? status} in ${milliseconds} ms, ${bytes} bytes (attempt ${number})`);
  }

  /**
   * Makes requests possible again that were refused, without asking anybody. False: a person is needed.
   * @throws RequestError where Keystone cannot be asked
   */
  async renew(signal: AbortSignal): Promise<boolean> {
    const { tokens, renewal } = this.#parts;
    const token = tokens.current(this.#connection);
    if (token !== undefined && token !== this.#sent) return true;
    if (this.#sent === this.#accepted) this.#inVain = 0;
    return this.#inVain++ < maxRefused && renewal.renew(this.#connection.id, signal);
  }
}
