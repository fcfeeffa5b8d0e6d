import { isDeepStrictEqual } from 'node:util';
import { movedLog, servicesOf, type CatalogEntry } from '../../core/openstack/catalog';
import type { ApplicationCredentialIdentity, PasswordIdentity } from '../../core/openstack/credentials';
import { isCancelled, RequestError } from '../../core/base/errors';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { race } from '../../core/base/race';
import type { CatalogService } from '../../core/openstack/serviceUrl';
import type { Connection } from './connections';
import type { KeystonePort } from './keystonePort';
import type { Tokens } from './tokens';

interface RenewalPorts {
  readonly tokens: Tokens;
  readonly log: Log;
  /** The connection as it is now. */
  connection(id: string): Connection | undefined;
  readonly keystone: Pick<KeystonePort, 'signIn'>;
  /** Keeps where the services of the connection are now. */
  keepServices(connection: Connection, catalog: readonly CatalogService[]): Promise<void>;
  /** Keystone names other endpoints of the log than the connection's, which stays: the token goes to none of them unasked. */
  onMoved(connection: Connection, endpoints: readonly string[]): void;
  /** Runs `work` while no other window does. */
  exclusively<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Gets new tokens where that takes no person: before the old one ends, or when it was refused. One at a time. */
export class Renewal extends Owner {
  readonly #abort = new AbortController();
  readonly #running = new Map<string, Promise<boolean>>();
  #watched: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly ports: RenewalPorts) {
    super();
    this.own(ports.tokens.onDidChange((id) => this.#schedule(id)));
    this.own(ports.tokens.onDidChangeSecret((id) => this.#schedule(id)));
    this.own({
      dispose: () => {
        clearTimeout(this.#timer);
        this.#abort.abort();
      },
    });
  }

  /** Whether a new token can be tried for without a person. */
  isPossible(connection: Connection): boolean {
    return this.ports.tokens.secret(connection) !== undefined;
  }

  /**
   * Gets a new token, or joins who does so already. False: a person is needed.
   * @throws RequestError where Keystone cannot be asked; an AbortError when `signal` is aborted, which ends the waiting only
   */
  async renew(id: string, signal: AbortSignal): Promise<boolean> {
    let running = this.#running.get(id);
    if (!running) {
      running = this.#renew(id).finally(() => this.#running.delete(id));
      this.#running.set(id, running);
    }
    return race(running, signal);
  }

  /**
   * Settles when no renewal is under way that began before, in this window or another.
   * @throws an AbortError when `signal` is aborted
   */
  async settled(signal: AbortSignal): Promise<void> {
    await race(Promise.allSettled(this.#running.values()), signal);
    await this.ports.exclusively(async () => undefined, signal);
  }

  /** Keeps the token of this connection fresh from now on, and of no other. */
  watch(id: string | undefined): void {
    if (id === this.#watched) return;
    this.#watched = id;
    clearTimeout(this.#timer);
    if (id !== undefined) this.#schedule(id);
  }

  #schedule(id: string): void {
    if (id !== this.#watched) return;
    clearTimeout(this.#timer);
    const connection = this.ports.connection(id);
    const held = connection && this.ports.tokens.held(connection);
    if (held?.expires === undefined || !this.isPossible(connection!)) return;
    this.#wait(id, held.expires - margin(held.since, held.expires) - Date.now());
  }

  #wait(id: string, ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#renewInTime(id), Math.min(Math.max(ms, 0), maxTimer));
  }

  async #renewInTime(id: string): Promise<void> {
    const { connection, log, tokens } = this.ports;
    try {
      if (!(await this.renew(id, this.#abort.signal))) log.warn('The token cannot be renewed without a person');
    } catch (error) {
      if (isCancelled(error) || id !== this.#watched) return;
      log.warn(`The token could not be renewed: ${String(error)}`);
      const now = connection(id);
      if (!now || !this.isPossible(now)) return; // signed out meanwhile
      const left = tokens.remaining(now, Date.now())?.ms ?? 0;
      // Also when the token has ended meanwhile: Keystone may be back, and nobody may ask for anything.
      this.#wait(id, left > 0 ? Math.min(retryMs, Math.max(100, left / 4)) : retryMs);
    }
  }

  async #renew(id: string): Promise<boolean> {
    const { exclusively, tokens } = this.ports;
    const { signal } = this.#abort;
    const before = this.ports.connection(id);
    const former = before && tokens.current(before);
    return exclusively(async () => {
      const connection = this.ports.connection(id);
      if (!connection) return false;
      // Another window may have done it.
      await tokens.load(connection);
      const held = tokens.held(connection);
      if (held && held.token !== former && (held.expires ?? Infinity) > Date.now()) return true;
      const secret = tokens.secret(connection);
      const { auth } = connection;
      if (secret === undefined || !auth || auth.kind === 'token') return false;
      return this.#signIn(connection, auth, secret, signal);
    }, signal);
  }

  async #signIn(
    connection: Connection,
    identity: PasswordIdentity | ApplicationCredentialIdentity,
    secret: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { keystone, log, tokens } = this.ports;
    try {
      const issued = await keystone.signIn(identity, secret, undefined, signal);
      if (!(await tokens.renew(connection, secret, issued))) return false;
      log.info('The token was renewed');
      await this.#learn(connection, identity.region, issued.catalog);
      return true;
    } catch (error) {
      if (!(error instanceof RequestError) || !final.has(error.failure)) throw error;
      log.warn(`The sign-in was refused: ${error.message}`);
      if (error.failure === 'unauthorized') await tokens.refuseSecret(connection, secret);
      return false;
    }
  }

  /** Takes over from a newer catalog where the services are. One that names none tells nothing. */
  async #learn(connection: Connection, region: string | undefined, catalog: readonly CatalogEntry[]): Promise<void> {
    const { keepServices, log, onMoved } = this.ports;
    const { address, catalog: known = [] } = connection;
    const services = servicesOf(catalog, region);
    if (services.length === 0 || isDeepStrictEqual(services, known)) return;
    try {
      await keepServices(connection, services);
    } catch (error) {
      log.error('The new addresses of the services could not be kept', error);
    }
    const moved = movedLog(address, known, catalog, region).map(({ url }) => url);
    if (moved.length > 0) onMoved(connection, moved);
  }
}

/** What trying again does not heal. */
const final: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'badRequest', 'notFound']);

/** How long after a failure it is tried again, at most. */
const retryMs = 60_000;

/** As long as a timer can run. */
const maxTimer = 2 ** 31 - 1;

/** How long before its end a token is renewed. */
function margin(since: number, expires: number): number {
  return Math.min(5 * 60_000, Math.max(0, expires - since) / 5);
}
