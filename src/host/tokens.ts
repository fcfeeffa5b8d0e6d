import { issuedAt } from '../core/fernet';
import { Owner } from '../core/lifecycle';
import type { Issued } from '../api';
import type { Connection } from './connections';
import { SecretShelf, type Vault } from './secretShelf';

export interface Token {
  readonly token: string;
  /** The only origin it may be sent to, but for services of the connection. */
  readonly origin: string;
  /** UTC milliseconds of when it was handed over. */
  readonly since: number;
  /** UTC milliseconds, where it is known. */
  readonly expires?: number | undefined;
  /** Whether a sign-in brought it, so that it ends with signing out. */
  readonly signedIn?: boolean | undefined;
}

/** What gets new tokens: a password, or the secret of an application credential. */
interface Secret {
  readonly secret: string;
  /** The only Keystone it may be sent to. */
  readonly origin: string;
  /** Keystone refused it: trying it again could lock the account. */
  readonly isRefused?: boolean;
}

/** A token lives one hour [spec]. */
const usualLife = 3_600_000;

/** The tokens of the connections, and the secrets that get new ones. */
export class Tokens extends Owner {
  readonly #tokens: SecretShelf<Token>;
  readonly #secrets: SecretShelf<Secret>;
  /** Fires with the id of the connection whose token was set or deleted, in this window or another. */
  readonly onDidChange: SecretShelf<Token>['onDidChange'];
  /** Like {@link onDidChange} for the secret. */
  readonly onDidChangeSecret: SecretShelf<Secret>['onDidChange'];

  /** @param onFailure what is told when the vault fails */
  constructor(vault: Vault, onFailure: (error: unknown) => void) {
    super();
    this.#tokens = this.own(new SecretShelf<Token>(vault, 'activityLog.token.', onFailure));
    this.#secrets = this.own(new SecretShelf<Secret>(vault, 'activityLog.secret.', onFailure));
    this.onDidChange = this.#tokens.onDidChange;
    this.onDidChangeSecret = this.#secrets.onDidChange;
  }

  /** Reads what belongs to a connection into memory; {@link held} and {@link secret} give it from then on. */
  async load({ id }: Connection): Promise<void> {
    await Promise.all([this.#tokens.load(id), this.#secrets.load(id)]);
  }

  /** The token, if there is one for the very origin of the connection's endpoint. */
  held(connection: Connection): Token | undefined {
    const held = this.#tokens.get(connection.id);
    return connection.kind === 'http' && held?.origin === originOf(connection.address) ? held : undefined;
  }

  /** Its text. */
  current(connection: Connection): string | undefined {
    return this.held(connection)?.token;
  }

  /** Milliseconds that the token still lives as of `now`, never below 0; undefined without a token. */
  remaining(connection: Connection, now: number): { readonly ms: number; readonly isKnown: boolean } | undefined {
    const held = this.held(connection);
    if (!held) return undefined;
    const { expires, since } = held;
    return { ms: Math.max(0, (expires ?? since + usualLife) - now), isKnown: expires !== undefined };
  }

  /** Keeps a token that was handed over. `expires`: what Keystone says of it. */
  set({ id, address }: Connection, token: string, expires?: number): Promise<void> {
    const since = Date.now();
    return this.#tokens.set(id, {
      token,
      origin: originOf(address),
      since,
      expires: expires ?? expiryOf(token, since),
    });
  }

  /** Keeps a token that a sign-in brought. */
  setIssued({ id, address }: Connection, { token, expires }: Pick<Issued, 'token' | 'expires'>): Promise<void> {
    return this.#tokens.set(id, { token, origin: originOf(address), since: Date.now(), expires, signedIn: true });
  }

  /** The secret that belongs to the connection's identity, unless it was refused. */
  secret({ id, auth }: Connection): string | undefined {
    const held = this.#secrets.get(id);
    const isForThis = auth?.authUrl !== undefined && held?.origin === originOf(auth.authUrl);
    return isForThis && !held.isRefused ? held.secret : undefined;
  }

  async setSecret({ id, auth }: Connection, secret: string): Promise<void> {
    if (auth?.authUrl !== undefined) await this.#secrets.set(id, { secret, origin: originOf(auth.authUrl) });
  }

  /** Keeps a secret that Keystone refused from being tried again, in any window, until another is set. */
  async refuseSecret({ id }: Connection, secret: string): Promise<void> {
    const held = this.#secrets.get(id);
    if (held?.secret === secret) await this.#secrets.set(id, { ...held, isRefused: true });
  }

  /** Deletes all that belongs to a connection. @throws UserError where the vault may still hold it */
  async delete(id: string): Promise<void> {
    await Promise.all([this.#tokens.delete(id), this.#secrets.delete(id)]);
  }
}

/** When a token ends that was accepted just now: its text tells when it was issued. Known only where that agrees with one hour. */
function expiryOf(token: string, now: number): number | undefined {
  const issued = issuedAt(token);
  return issued !== undefined && issued <= now + 60_000 && issued > now - usualLife ? issued + usualLife : undefined;
}

function originOf(address: string): string {
  return new URL(address).origin;
}
