import { randomBytes } from 'node:crypto';

export interface TokenOptions {
  /** The token's text; random when left out. */
  readonly token?: string;
  /** How long it is accepted. */
  readonly lifeMs?: number;
  /** How many requests it is accepted for. */
  readonly requests?: number;
  /** Known, but without a role in the project: 403. */
  readonly forbidden?: boolean;
  /** Whose it is; without it Keystone names nobody. */
  readonly owner?: TokenOwner;
}

export interface TokenOwner {
  readonly userId: string;
  readonly roles: readonly string[];
  /** The only components of which this user may see events; all where left out. */
  readonly sees?: readonly string[];
}

interface Issued {
  readonly expires: number;
  readonly forbidden: boolean;
  readonly owner: TokenOwner | undefined;
  requestsLeft: number;
}

/** The tokens in force. All are scoped to the one project. */
export class Tokens {
  readonly #issued = new Map<string, Issued>();

  /** Every token ever issued, to look for where none may be. */
  readonly all: string[] = [];

  issue({ token, lifeMs = 3_600_000, requests = Infinity, forbidden = false, owner }: TokenOptions = {}): string {
    const text = token ?? `gAAAAAB${randomBytes(69).toString('base64url')}`;
    this.#issued.set(text, { expires: Date.now() + lifeMs, requestsLeft: requests, forbidden, owner });
    this.all.push(text);
    return text;
  }

  /** Spends one request of the token. */
  use(token: string | undefined): 'ok' | 'unauthorized' | 'forbidden' {
    const issued = token === undefined ? undefined : this.#issued.get(token);
    if (!issued || issued.expires <= Date.now() || issued.requestsLeft <= 0) return 'unauthorized';
    issued.requestsLeft--;
    return issued.forbidden ? 'forbidden' : 'ok';
  }

  /** UTC milliseconds at which the token ends; undefined where it is not in force. */
  expiry(token: string): number | undefined {
    const issued = this.#issued.get(token);
    return issued && issued.expires > Date.now() ? issued.expires : undefined;
  }

  ownerOf(token: string | undefined): TokenOwner | undefined {
    return token === undefined ? undefined : this.#issued.get(token)?.owner;
  }

  revoke(token: string): boolean {
    return this.#issued.delete(token);
  }

  revokeAll(): void {
    this.#issued.clear();
  }
}
