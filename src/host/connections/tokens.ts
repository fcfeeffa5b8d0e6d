import { issuedAt } from '../../core/openstack/fernet';
import { Owner } from '../../core/base/lifecycle';
import type { Requester } from '../../core/openstack/requester';
import type { Issued } from '../../api';
import type { Connection } from './connections';
import { SecretStore, type SecretBackend } from './secretStore';

export interface Token {
  readonly token: string;
  /** The only origin it may be sent to, but for services of the connection. */
  readonly origin: string;
  /** UTC milliseconds of when it was handed over. */
  readonly since: number;
  /** UTC milliseconds, where it is known. */
  readonly expires?: number | undefined;
  /** Whose it is, where Keystone told. */
  readonly requester?: Requester | undefined;
  /** What sign-ins brought so far and Keystone may still take, this one included: all of it ends with signing out. */
  readonly issued?: readonly IssuedToken[] | undefined;
}

/** A token that a sign-in brought. */
interface IssuedToken extends Pick<Issued, 'token' | 'expires'> {
  /** The address of the Keystone that ends it. */
  readonly authUrl: string;
}

/** What Keystone says of a token. */
export type TokenFacts = Pick<Issued, 'expires' | 'requester'>;

/** What gets new tokens: a password, or the secret of an application credential. */
interface Secret {
  /** Undefined: Keystone refused it, and trying it again could lock the account. */
  readonly secret?: string;
  /** The only Keystone it may be sent to. */
  readonly origin: string;
}

/** A token lives one hour [spec]. */
const usualLife = 3_600_000;

/**
 * The tokens of the connections, and the secrets that get new ones. A token that a sign-in brought ends at Keystone as soon as no
 * window can use it any more, whichever window learns that first: the secret storage tells of changes only after a while.
 */
export class Tokens extends Owner {
  readonly #tokens: SecretStore<Token>;
  readonly #secrets: SecretStore<Secret>;
  /** By connection, as of the last change. */
  readonly #issued = new Map<string, readonly IssuedToken[]>();
  readonly #ending = new Set<Promise<void>>();
  /** Fires with the id of the connection whose token was set or deleted, in this window or another. */
  readonly onDidChange: SecretStore<Token>['onDidChange'];
  /** Like {@link onDidChange} for the secret. */
  readonly onDidChangeSecret: SecretStore<Secret>['onDidChange'];

  /**
   * @param onFailure what is told when the backend fails
   * @param endAtKeystone ends a token; never rejects
   */
  constructor(
    backend: SecretBackend,
    onFailure: (error: unknown) => void,
    private readonly endAtKeystone: (token: IssuedToken) => Promise<void>,
  ) {
    super();
    this.#tokens = this.own(new SecretStore<Token>(backend, 'activityLog.token.', onFailure));
    this.#secrets = this.own(new SecretStore<Secret>(backend, 'activityLog.secret.', onFailure));
    this.onDidChange = this.#tokens.onDidChange;
    this.onDidChangeSecret = this.#secrets.onDidChange;
    this.own(this.onDidChange((id) => this.#endLost(id)));
    this.own(this.onDidChangeSecret((id) => void this.#followSignOut(id).catch(onFailure)));
  }

  /** Reads what belongs to a connection into memory; {@link held} and {@link secret} give it from then on. */
  load({ id }: Connection): Promise<void> {
    return this.#load(id);
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

  /** Keeps a token that was handed over. `known`: what Keystone says of it. */
  set({ id, address }: Connection, token: string, known?: TokenFacts): Promise<void> {
    const since = Date.now();
    return this.#tokens.set(id, {
      token,
      origin: originOf(address),
      since,
      expires: known?.expires ?? expiryOf(token, since),
      requester: known?.requester,
      issued: this.#livingOf(id),
    });
  }

  /** Adds what Keystone says of the token that is held; of another one it is forgotten. */
  async learn(connection: Connection, token: string, { expires, requester }: TokenFacts): Promise<void> {
    const held = this.held(connection);
    if (held?.token === token) await this.#tokens.set(connection.id, { ...held, expires, requester });
  }

  /**
   * Keeps a token that a sign-in with this secret brought. False: somebody signed out meanwhile, and the token is ended.
   * Nothing can come between looking and keeping.
   */
  async renew(connection: Connection, secret: string, issue: TokenOfSignIn): Promise<boolean> {
    const { id, address, auth } = connection;
    const { expires, requester, token } = issue;
    const issued = { token, expires, authUrl: auth?.authUrl ?? '' };
    if (this.secret(connection) !== secret) {
      await this.#end(issued);
      return false;
    }
    const living = [...this.#livingOf(id), issued];
    const origin = originOf(address);
    await this.#tokens.set(id, { token, origin, since: Date.now(), expires, requester, issued: living });
    return true;
  }

  /** The secret that belongs to the connection's identity, unless it was refused. */
  secret({ id, auth }: Connection): string | undefined {
    const held = this.#secrets.get(id);
    return auth?.authUrl !== undefined && held?.origin === originOf(auth.authUrl) ? held.secret : undefined;
  }

  /** Keeps a secret, with the token that a sign-in with it brought: who signs out in between ends both. */
  async setSecret(connection: Connection, secret: string, issued?: TokenOfSignIn): Promise<void> {
    const { id, auth } = connection;
    if (auth?.authUrl === undefined) return;
    const kept = this.#secrets.set(id, { secret, origin: originOf(auth.authUrl) });
    await Promise.all([kept, issued && this.renew(connection, secret, issued)]);
  }

  /** Forgets a secret that Keystone refused: it is not tried again, in any window, until another is set. */
  async refuseSecret({ id }: Connection, secret: string): Promise<void> {
    const held = this.#secrets.get(id);
    if (held?.secret === secret) await this.#secrets.set(id, { origin: held.origin });
  }

  /**
   * Deletes all that belongs to a connection, and has Keystone end what sign-ins brought.
   * @throws UserError where the backend may still hold it
   */
  async delete(id: string): Promise<void> {
    await this.#load(id); // another window may have renewed it
    try {
      await Promise.all([this.#tokens.delete(id), this.#secrets.delete(id)]);
    } finally {
      await Promise.all(this.#ending);
    }
  }

  async #load(id: string): Promise<void> {
    await Promise.all([this.#tokens.load(id), this.#secrets.load(id)]);
  }

  #livingOf(id: string): readonly IssuedToken[] {
    return (this.#tokens.get(id)?.issued ?? []).filter(({ expires }) => expires > Date.now());
  }

  /** Ends what was known of a connection and is no longer. */
  #endLost(id: string): void {
    const known = this.#issued.get(id) ?? [];
    const living = this.#livingOf(id);
    this.#issued.set(id, living);
    const kept = new Set(living.map(({ token }) => token));
    for (const issued of known) if (!kept.has(issued.token)) void this.#end(issued);
  }

  /** Where another window signed out, what this one kept meanwhile may have come to the backend after that. */
  async #followSignOut(id: string): Promise<void> {
    if (this.#secrets.get(id)) return;
    await this.#load(id);
    if (!this.#secrets.get(id)) await this.#tokens.delete(id);
  }

  #end(issued: IssuedToken): Promise<void> {
    if (issued.expires <= Date.now()) return Promise.resolve();
    const ending = this.endAtKeystone(issued).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    return ending;
  }
}

type TokenOfSignIn = Pick<Issued, 'token' | 'expires' | 'requester'>;

/** When a token ends that was accepted just now: its text tells when it was issued. Known only where that agrees with one hour. */
function expiryOf(token: string, now: number): number | undefined {
  const issued = issuedAt(token);
  return issued !== undefined && issued <= now + 60_000 && issued > now - usualLife ? issued + usualLife : undefined;
}

function originOf(address: string): string {
  return new URL(address).origin;
}
