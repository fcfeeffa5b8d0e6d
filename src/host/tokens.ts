import { EventEmitter, type SecretStorage } from 'vscode';
import { Owner } from '../core/lifecycle';
import type { Log } from '../core/log';
import type { Connection } from './connections';

interface Token {
  readonly token: string;
  /** The only origin it may be sent to. */
  readonly origin: string;
  /** UTC milliseconds of when it was handed over. */
  readonly since: number;
}

/** A token lives one hour [spec]. */
const lifetime = 3_600_000;

/** The tokens of the connections. They live in the editor's secret storage and in memory, nowhere else. */
export class Tokens extends Owner {
  readonly #changed = this.own(new EventEmitter<string>());
  /** Fires with the id of the connection whose token was set or deleted, in this window or another. */
  readonly onDidChange = this.#changed.event;
  readonly #cache = new Map<string, Token>();

  constructor(
    private readonly secrets: SecretStorage,
    private readonly log: Log,
  ) {
    super();
    this.own(
      secrets.onDidChange(({ key }) => {
        if (key.startsWith(prefix)) void this.#reload(key.slice(prefix.length));
      }),
    );
  }

  /** Reads the token of a connection into memory; {@link current} gives it from then on. */
  async load({ id }: Connection): Promise<void> {
    const held = await this.#read(id);
    if (held) this.#cache.set(id, held);
  }

  /** The token, if there is one for the very origin of the connection's endpoint. */
  current(connection: Connection): string | undefined {
    const held = this.#cache.get(connection.id);
    return held && connection.kind === 'http' && held.origin === new URL(connection.address).origin
      ? held.token
      : undefined;
  }

  /** How long the token lives at most, in milliseconds, as of `now`; undefined without a token. Never below 0. */
  remaining(connection: Connection, now: number): number | undefined {
    const held = this.#cache.get(connection.id);
    return held && Math.max(0, held.since + lifetime - now);
  }

  async set(connection: Connection, token: string): Promise<void> {
    const held: Token = { token, origin: new URL(connection.address).origin, since: Date.now() };
    this.#cache.set(connection.id, held);
    try {
      await this.secrets.store(prefix + connection.id, JSON.stringify(held));
    } catch (error) {
      this.log.error(
        'The secret storage cannot be written; the token is kept in memory until the window closes',
        error,
      );
    }
    this.#changed.fire(connection.id);
  }

  async delete(id: string): Promise<void> {
    this.#cache.delete(id);
    this.#changed.fire(id);
    await this.secrets.delete(prefix + id);
  }

  async #reload(id: string): Promise<void> {
    const held = await this.#read(id);
    if (held?.token === this.#cache.get(id)?.token) return;
    if (held) this.#cache.set(id, held);
    else this.#cache.delete(id);
    this.#changed.fire(id);
  }

  async #read(id: string): Promise<Token | undefined> {
    try {
      const text = await this.secrets.get(prefix + id);
      return text === undefined ? undefined : (JSON.parse(text) as Token);
    } catch (error) {
      this.log.error('The secret storage cannot be read; what is in memory counts', error);
      return this.#cache.get(id);
    }
  }
}

const prefix = 'activityLog.token.';
