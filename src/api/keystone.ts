import { parseAuthUrl } from '../core/openstack/authUrl';
import { readCatalog, type CatalogEntry } from '../core/openstack/catalog';
import { RequestError } from '../core/base/errors';
import { message } from '../core/base/message';
import { readRequester, type Requester } from '../core/openstack/requester';
import { checkTokenText } from './address';
import { explainStatus, type Subject } from './explainStatus';
import { HttpClient, type Answer, type HttpRequest, type Limits } from './httpClient';
import type { Network } from './network';
import { defaultPolicy, Pause, retry, type RetryPolicy } from './retry';

export interface KeystoneOptions {
  readonly network?: Network;
  readonly limits?: Partial<Limits>;
  readonly retry?: Partial<RetryPolicy>;
}

export interface Project {
  readonly id: string;
  readonly name: string;
}

/** A token with what Keystone tells of it. */
export interface Issued {
  readonly token: string;
  /** UTC milliseconds by the clock of this computer, however wrong it is. */
  readonly expires: number;
  /** Undefined where the token is for no project: it opens nothing but the list of projects. */
  readonly project: Project | undefined;
  readonly catalog: readonly CatalogEntry[];
  /** Its owner; left out where Keystone does not tell. */
  readonly requester?: Requester | undefined;
}

/** Far more than any catalog takes, and read in one go. */
const maxAnswer = 4 * 1024 * 1024;

/** Keystone v3 at one address. Each request is retried as long as that makes sense. */
export class Keystone {
  readonly host: string;
  readonly #address: URL;

  /** @throws UserError where `authUrl` is no address that a password may be sent to */
  constructor(
    authUrl: string,
    readonly options: KeystoneOptions,
  ) {
    this.#address = new URL(parseAuthUrl(authUrl));
    this.host = this.#address.host;
  }

  /**
   * An answer of any status. `path` follows `/v3`; `secrets` are what the request holds of them.
   * @throws RequestError; an AbortError when `signal` is aborted
   */
  async exchange(request: HttpRequest, secrets: readonly string[], signal: AbortSignal): Promise<Answer> {
    const { network, limits, retry: policy } = this.options;
    const client = new HttpClient(this.#address.origin, network, { maxBytes: maxAnswer, ...limits });
    const attempt = async (): Promise<Answer> => {
      const answer = await client.exchange({ ...request, path: this.#address.pathname + request.path }, signal);
      if (answer.status === 429 || answer.status >= 500) throw this.refusal(answer, 'signIn', secrets);
      return answer;
    };
    try {
      const all = { ...defaultPolicy, attempts: 3, totalMs: 20_000, ...policy };
      return await retry(attempt, all, new Pause(), signal);
    } finally {
      client.dispose();
    }
  }

  refusal(answer: Answer, subject: Subject, secrets: readonly string[]): RequestError {
    return explainStatus(answer, this.host, subject, secrets);
  }

  /** What is known of a token that is in force. @throws RequestError `unauthorized` where it is not */
  async describe(token: string, signal: AbortSignal): Promise<Issued> {
    const answer = await this.#about(token, { method: 'GET', path: '/auth/tokens' }, signal);
    if (answer.status === 404) throw this.refusal({ ...answer, status: 401 }, 'log', [token]);
    if (!isSuccess(answer)) throw this.refusal(answer, 'log', [token]);
    const now = Date.parse(answer.headers.date ?? '');
    return this.read(answer, token, Number.isNaN(now) ? Date.now() : now, Date.now());
  }

  /** Ends a token before its time; one that has ended already is fine. @throws RequestError */
  async revoke(token: string, signal: AbortSignal): Promise<void> {
    const answer = await this.#about(token, { method: 'DELETE', path: '/auth/tokens' }, signal);
    const isGone = answer.status === 401 || answer.status === 404;
    if (!isGone && !isSuccess(answer)) throw this.refusal(answer, 'log', [token]);
  }

  /** The projects that the owner of a token has a role in. @throws RequestError */
  async projects(token: string, signal: AbortSignal): Promise<Project[]> {
    const answer = await this.#about(token, { method: 'GET', path: '/auth/projects' }, signal);
    if (!isSuccess(answer)) throw this.refusal(answer, 'log', [token]);
    const { projects } = parseObject(answer);
    return Array.isArray(projects) ? projects.flatMap((project) => readProject(project) ?? []) : [];
  }

  /**
   * Reads the description of a token. `now` and `here` are the same moment by the clock of the server and by this one's;
   * undefined: the moment it was issued.
   */
  read(answer: Answer, token: string, now: number | undefined, here: number): Issued {
    const description = objectOf(parseObject(answer)['token']);
    const expires = Date.parse(String(description['expires_at']));
    const since = now ?? Date.parse(String(description['issued_at']));
    if (token === '' || Number.isNaN(expires) || Number.isNaN(since)) throw this.#malformed();
    return {
      token,
      expires: here + expires - since,
      project: readProject(description['project']),
      catalog: readCatalog(description['catalog']),
      requester: readRequester(description['user'], description['roles']),
    };
  }

  #about(token: string, request: Pick<HttpRequest, 'method' | 'path'>, signal: AbortSignal): Promise<Answer> {
    checkTokenText(token);
    const headers = { accept: 'application/json', 'x-auth-token': token, 'x-subject-token': token };
    return this.exchange({ ...request, headers }, [token], signal);
  }

  #malformed(): RequestError {
    const text = message('{0} does not answer as Keystone v3 does. Check the address for signing in.', this.host);
    return new RequestError('malformed', text);
  }
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** The body where it is a JSON object; an empty one otherwise. */
export function parseObject({ body }: Answer): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function readProject(value: unknown): Project | undefined {
  const { id, name } = objectOf(value);
  return typeof id === 'string' ? { id, name: typeof name === 'string' ? name : id } : undefined;
}
