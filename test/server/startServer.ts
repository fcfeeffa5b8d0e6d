import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import type { Json } from '../../src/core/json/json';
import type { ActivityEvent } from '../../src/core/event/event';
import { Cache } from './cache';
import { answerControl } from './control';
import { answerLogs, askedFor, defaultRules, type AuditRules } from './audit';
import { problem, type Answer } from './answer';
import { deliver, replace } from './deliver';
import type { Series } from './events';
import { Faults, pick, type Fault, type Route } from './faults';
import { Keystone, type ApplicationCredential, type Realm, type User } from './keystone';
import { Services } from './services';
import { EventShelf, PreparedShelf } from './shelf';
import { Tokens, type TokenOptions } from './tokens';

export interface ServerOptions extends Partial<AuditRules> {
  /** 0 = a free one. */
  readonly port?: number;
  readonly events?: Iterable<ActivityEvent>;
  /** Serves this many made events instead of `events`, prepared so that the server is never what a client waits for. */
  readonly prepared?: Series & { readonly count: number };
  readonly token?: TokenOptions;
  readonly projectId?: string;
  readonly users?: readonly User[];
  readonly applicationCredentials?: readonly ApplicationCredential[];
  readonly tokenLifeMs?: number;
  readonly regions?: readonly string[];
  /** Knows the tokens in force instead of this server: the project that one is for, undefined for one that is not in force. */
  readonly authority?: (token: string) => Promise<string | undefined>;
  /** Decides which requests faults with a `chance` strike. */
  readonly seed?: string;
  /** The time that answers give as theirs, in UTC milliseconds; undefined: none. */
  readonly clock?: () => number | undefined;
  /** Whether `POST /control/<name>` is served. */
  readonly control?: boolean;
  /** How the catalog calls this server, where it goes by another name. */
  readonly publicUrl?: string;
  /** PEM texts; without them the server speaks plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Keystone's own, among those that the system gives out. */
const keystonePort = 35_357;

/** A request as it came in. */
interface Received {
  readonly at: number;
  readonly route: Exclude<Route, 'any'>;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface StandIn {
  readonly url: string;
  /** The Audit endpoint, as a user would paste it. */
  readonly endpoint: string;
  /** What a sign-in is sent to. */
  readonly authUrl: string;
  readonly projectId: string;
  /** A token in force from the start. */
  readonly token: string;
  readonly tokens: Tokens;
  /** Users, application credentials and how long their tokens live; may be changed at any time. */
  readonly realm: Realm;
  /** All requests so far, oldest first. */
  readonly requests: Received[];
  setRules(changes: Partial<AuditRules>): void;
  fault(fault: Fault): void;
  clearFaults(): void;
  addEvents(events: Iterable<ActivityEvent>): void;
  /** Lets `path` answer with `body` (undefined: no longer). */
  setResource(path: string, body?: Json): void;
  /** Cuts all connections. */
  stop(): Promise<void>;
}

const defaultProject = '7f3c1d2e9b8a4c5d8e6f0a1b2c3d4e5f';

/** Starts a stand-in for Audit, Keystone and a little of the services, on loopback. */
export async function startServer(options: ServerOptions = {}): Promise<StandIn> {
  const { projectId = defaultProject, prepared } = options;
  const shelf = new EventShelf(options.events);
  const logs = prepared ? new PreparedShelf(prepared.count, prepared) : shelf;
  const rules: AuditRules = { ...defaultRules };
  setRules(options);
  const faults = new Faults(options.seed ?? 'faults');
  const cache = new Cache();
  const tokens = new Tokens();
  const token = tokens.issue(options.token);
  const services = new Services(() => shelf.events);
  const requests: Received[] = [];
  const stopped = new AbortController();

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch((error: unknown) => {
      if (!stopped.signal.aborted) console.error('stand-in:', error);
      response.destroy();
    });
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createHttpServer(listener);
  const listen = async (): Promise<number> => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    if (options.port || port !== keystonePort) return port;
    // Any free one, but not this: what is there is refused as an address of the log.
    await new Promise((resolve) => server.close(resolve));
    return listen();
  };
  const url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${await listen()}`;
  const realm: Realm = {
    url: options.publicUrl ?? url,
    projectId,
    tokens,
    users: [...(options.users ?? [])],
    applicationCredentials: [...(options.applicationCredentials ?? [])],
    tokenLifeMs: options.tokenLifeMs ?? 3_600_000,
    regions: [...(options.regions ?? ['RegionOne'])],
  };
  const keystone = new Keystone(realm);

  function setRules(changes: Partial<AuditRules>): void {
    for (const name of Object.keys(rules) as (keyof AuditRules)[])
      if (changes[name] !== undefined) Object.assign(rules, { [name]: changes[name] });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? '/', url);
    if (options.control && target.pathname.startsWith('/control/'))
      return deliver(response, answerControl(standIn, target.pathname, await text(request)), [], stopped.signal);
    const route = routeOf(target.pathname);
    const received = {
      at: Date.now(),
      route,
      method: request.method ?? '',
      path: target.pathname,
      query: Object.fromEntries(target.searchParams),
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    };
    requests.push(received);
    response.sendDate = options.clock === undefined;
    const time = options.clock?.();
    if (time !== undefined) response.setHeader('date', new Date(time).toUTCString());
    const body = await text(request);
    const striking = faults.strike(route, askedFor(target.searchParams));
    const slow = pick(striking, 'slow');
    if (slow) await sleep(slow.ms, undefined, { signal: stopped.signal });
    await pick(striking, 'held')?.until;
    const silent = striking.find((fault) => (fault.kind === 'hang' || fault.kind === 'reset') && fault.at === 'head');
    if (silent?.kind === 'reset') request.socket.resetAndDestroy();
    if (silent) return;
    const instead = pick(
      striking,
      'status',
      'html',
      'answer',
      'redirect',
      'bomb',
      'hollow',
      'endless',
      'headerFlood',
      'deep',
    );
    const foreign = await options.authority?.(received.headers['x-auth-token'] ?? '');
    const honest = instead ? replace(instead) : respond(received, target.searchParams, body, striking, foreign);
    const answer = cache.pass(honest, target.searchParams, pick(striking, 'cached'));
    await deliver(response, answer, striking, stopped.signal);
  }

  function respond(
    request: Received,
    query: URLSearchParams,
    body: string,
    striking: readonly Fault[],
    project: string | undefined,
  ): Answer {
    if (request.route === 'keystone') return keystone.answer({ ...request, body });
    const isForeign = options.authority !== undefined;
    const known = project === undefined ? 'unauthorized' : 'ok';
    const access = isForeign ? known : tokens.use(request.headers['x-auth-token']);
    if (access === 'unauthorized') return problem(401, 'The request you have made requires authentication.');
    if (access === 'forbidden') return problem(403, 'You are not authorized to perform the requested action.');
    if (request.route === 'services') return services.answer(request.method, request.path);
    if (logPath.exec(request.path)?.[1] !== (isForeign ? project : projectId))
      return problem(403, 'The token is not scoped to this project.');
    if (request.method !== 'GET') return problem(405, 'Method not allowed');
    const gzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const owner = tokens.ownerOf(request.headers['x-auth-token']);
    return answerLogs(query, logs, rules, striking, gzip, owner?.sees);
  }

  const standIn: StandIn = {
    url,
    endpoint: `${url}/auditlogs/v1/${projectId}`,
    authUrl: `${url}/v3/`,
    projectId,
    token,
    tokens,
    realm,
    requests,
    setRules,
    fault: (fault) => faults.add(fault),
    clearFaults() {
      faults.clear();
      cache.clear();
    },
    addEvents(events) {
      shelf.add(events);
      cache.clear();
    },
    setResource: (path, body) => services.set(path, body),
    async stop() {
      stopped.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}

const logPath = /^(?:\/auditlogs)?\/v1\/([^/]+)\/logs$/;

function routeOf(path: string): Exclude<Route, 'any'> {
  if (/^\/(v3(\/(auth\/.*)?)?)?$/.test(path)) return 'keystone';
  return /^(\/auditlogs)?\/v1\//.test(path) ? 'logs' : 'services';
}
