/** Something Keystone knows by its id, or by its name within a domain. */
export interface Named {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** Of a user or project that is known by its name. */
  readonly domain?: { readonly id?: string | undefined; readonly name?: string | undefined } | undefined;
}

interface Place {
  /** The address of Keystone v3, with or without `/v3`. */
  readonly authUrl: string;
  /** Where the catalog names services in several. */
  readonly region?: string | undefined;
}

export interface PasswordIdentity extends Place {
  readonly kind: 'password';
  readonly user: Named;
  /** What the token is to be for; undefined: the user's default project. */
  readonly project?: Named | undefined;
}

/** Its project is its own. */
export interface ApplicationCredentialIdentity extends Place {
  readonly kind: 'applicationCredential';
  /** By id, or by name together with `user`. */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly user?: Named | undefined;
}

/** A ready token: it cannot be renewed. Where Keystone is known, it tells how long the token lives and where services are. */
interface TokenIdentity extends Partial<Place> {
  readonly kind: 'token';
  readonly project?: Named | undefined;
}

/** Who signs in where, and how. Holds no secret: a connection keeps it. */
export type Identity = PasswordIdentity | ApplicationCredentialIdentity | TokenIdentity;

/** All that signing in takes, as a file holds it or a person types it. Never stored as a whole. */
export interface Credentials {
  readonly identity: Identity;
  /** The password, the application credential's secret or the token; undefined where a person is to be asked for it. */
  readonly secret: string | undefined;
  /** The Audit endpoint where it is named; else the catalog tells it. */
  readonly endpoint?: string | undefined;
}
