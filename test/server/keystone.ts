import { randomUUID } from 'node:crypto';
import { json, problem, type Answer } from './answer';
import type { TokenOwner, Tokens } from './tokens';

export interface User {
  readonly name: string;
  readonly password: string;
  readonly domain: string;
  readonly enabled?: boolean;
  /** Without one, a sign-in scoped to the project is refused. */
  readonly role?: string | null;
  /** See TokenOwner. */
  readonly sees?: readonly string[];
  /** The passcode of the second factor, where this user needs one. */
  readonly passcode?: string;
  /** Has no default project: a sign-in that names none gives a token for no project. */
  readonly unscoped?: boolean;
}

export interface ApplicationCredential {
  readonly id: string;
  readonly secret: string;
}

/** What Keystone knows. */
export interface Realm {
  /** What the catalog calls this server. */
  url: string;
  readonly projectId: string;
  users: User[];
  applicationCredentials: ApplicationCredential[];
  /** How long tokens live that a sign-in issues. */
  tokenLifeMs: number;
  /** How many requests each of them is accepted for; undefined: any number. */
  tokenRequests?: number | undefined;
  /** Regions of the catalog. Each has its own address of the activity log. */
  regions: string[];
  readonly tokens: Tokens;
}

interface Named {
  readonly id?: string;
  readonly name?: string;
  readonly domain?: { readonly id?: string; readonly name?: string };
}

interface SignIn {
  readonly auth?: {
    readonly identity?: {
      readonly methods?: readonly string[];
      readonly password?: { readonly user?: Named & { readonly password?: string } };
      readonly totp?: { readonly user?: Named & { readonly passcode?: string } };
      readonly application_credential?: { readonly id?: string; readonly secret?: string };
      readonly token?: { readonly id?: string };
    };
    readonly scope?: { readonly project?: Named };
  };
}

interface KeystoneRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** The little of Keystone v3 that signing in and out takes. */
export class Keystone {
  /** Who has given the first of two factors, by receipt. */
  readonly #receipts = new Map<string, User>();

  constructor(readonly realm: Realm) {}

  answer(request: KeystoneRequest): Answer {
    const { projectId, tokens, url } = this.realm;
    if (request.path === '/v3/auth/projects')
      return tokens.use(request.headers['x-auth-token']) === 'unauthorized'
        ? unauthorized()
        : json(200, { projects: [{ id: projectId, name: 'mcs1234567890', enabled: true }] });
    if (request.path !== '/v3/auth/tokens')
      return json(200, { version: { id: 'v3.14', status: 'stable', links: [{ rel: 'self', href: `${url}/v3/` }] } });
    if (request.method === 'POST') return this.#signIn(request);
    return this.#aboutToken(request);
  }

  #aboutToken({ method, headers }: KeystoneRequest): Answer {
    const { tokens } = this.realm;
    if (tokens.use(headers['x-auth-token']) === 'unauthorized') return unauthorized();
    const subject = headers['x-subject-token'] ?? '';
    const expires = tokens.expiry(subject);
    if (expires === undefined) return problem(404, 'Could not find token.');
    if (method === 'DELETE') {
      tokens.revoke(subject);
      return { status: 204, headers: {}, body: [] };
    }
    return method === 'GET' ? this.#token(200, subject, expires, ['password']) : problem(405, 'Method not allowed');
  }

  #signIn({ body, headers }: KeystoneRequest): Answer {
    let auth: SignIn['auth'];
    try {
      auth = (JSON.parse(body) as SignIn).auth;
    } catch {
      return problem(400, 'Malformed request body');
    }
    const identity = auth?.identity;
    const methods = identity?.methods ?? [];
    if (methods.includes('application_credential')) {
      const given = identity?.application_credential;
      const known = this.realm.applicationCredentials.some(
        ({ id, secret }) => id === given?.id && secret === given.secret,
      );
      return known ? this.#issue(methods, { userId: 'robot-id', roles: ['member'] }) : unauthorized();
    }
    if (methods.includes('token')) {
      const { tokens } = this.realm;
      const first = identity?.token?.id ?? '';
      const expires = tokens.expiry(first);
      if (expires === undefined) return unauthorized();
      return this.#issue(methods, tokens.ownerOf(first), expires - Date.now());
    }
    const receipt = headers['openstack-auth-receipt'];
    const user = methods.includes('password')
      ? this.#checkPassword(identity?.password?.user)
      : this.#receipts.get(receipt ?? '');
    if (!user || user.enabled === false) return unauthorized();
    if (user.passcode !== undefined && !methods.includes('totp')) return this.#askSecondFactor(user);
    if (user.passcode !== undefined && identity?.totp?.user?.passcode !== user.passcode) return unauthorized();
    if (receipt !== undefined) this.#receipts.delete(receipt);
    const scope = auth?.scope?.project?.id;
    if (user.role === null || (scope !== undefined && scope !== this.realm.projectId)) return unauthorized();
    const all = receipt === undefined ? methods : ['password', ...methods];
    const owner = { userId: `${user.name}-id`, roles: [user.role ?? 'member'], ...(user.sees && { sees: user.sees }) };
    return this.#issue(all, owner, this.realm.tokenLifeMs, scope === undefined && user.unscoped === true);
  }

  #checkPassword(given: (Named & { readonly password?: string }) | undefined): User | undefined {
    return this.realm.users.find(
      ({ name, password, domain }) =>
        name === given?.name && password === given.password && domain === (given.domain?.name ?? given.domain?.id),
    );
  }

  #askSecondFactor(user: User): Answer {
    const receipt = randomUUID();
    this.#receipts.set(receipt, user);
    const body = { receipt: { methods: ['password'] }, required_auth_methods: [['password', 'totp']] };
    return json(401, body, false, { 'openstack-auth-receipt': receipt });
  }

  #issue(
    methods: readonly string[],
    owner: TokenOwner | undefined,
    lifeMs = this.realm.tokenLifeMs,
    unscoped = false,
  ): Answer {
    const { tokenRequests: requests = Infinity, tokens } = this.realm;
    const token = tokens.issue({ lifeMs, requests, forbidden: unscoped, ...(owner && { owner }) });
    return this.#token(201, token, Date.now() + lifeMs, methods, unscoped);
  }

  #token(status: number, token: string, expires: number, methods: readonly string[], unscoped = false): Answer {
    const { projectId, tokens } = this.realm;
    const { userId, roles = [] } = tokens.ownerOf(token) ?? {};
    const project = {
      project: { id: projectId, name: 'mcs1234567890', domain: { id: 'users', name: 'users' } },
      roles: roles.map((name) => ({ id: `${name}-role-id`, name })),
      catalog: this.#catalog(),
    };
    const body = {
      token: {
        methods,
        ...(userId !== undefined && { user: { id: userId, name: userId, domain: { id: 'users', name: 'users' } } }),
        expires_at: new Date(expires).toISOString().replace('Z', '000Z'),
        issued_at: new Date().toISOString().replace('Z', '000Z'),
        ...(!unscoped && project),
      },
    };
    return json(status, body, false, { 'x-subject-token': token });
  }

  #catalog(): unknown[] {
    const { url, projectId, regions } = this.realm;
    const services: [type: string, name: string, url: string][] = [
      ['audit', 'Audit', `${url}/auditlogs/v1/${projectId}`],
      ['identity', 'keystone', `${url}/v3`],
      ['compute', 'nova', `${url}/v2.1`],
      ['volumev3', 'cinderv3', `${url}/v3/${projectId}`],
      ['image', 'glance', url],
      ['network', 'neutron', url],
      ['load-balancer', 'octavia', url],
    ];
    return services.map(([type, name, address]) => ({
      id: `${type}-id`,
      type,
      name,
      endpoints: regions.flatMap((region, at) =>
        ['public', 'internal'].map((kind) => ({
          id: `${type}-${region}-${kind}`,
          interface: kind,
          region,
          region_id: region,
          url: at === 0 ? address : address.replace('/auditlogs', ''),
        })),
      ),
    }));
  }
}

function unauthorized(): Answer {
  return problem(401, 'The request you have made requires authentication.', {
    'www-authenticate': 'Keystone uri="/v3"',
  });
}
