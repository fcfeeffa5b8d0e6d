import type { Finding, Outcome } from '../core/format/connectionReport';
import { RequestError, UserError, type RequestFailure } from '../core/base/errors';
import { eventFields, type ActivityEvent } from '../core/event/event';
import { message, type Message } from '../core/base/message';
import type { Requester } from '../core/openstack/requester';
import { visibilityText } from '../core/openstack/visibility';
import { readAddress } from './address';
import { createAuditSource, type Attempt } from './auditSource';
import type { Certificate } from './certificate';
import { askForOne, type Access } from './checkAccess';
import { defaultLimits } from './httpClient';
import type { Network } from './network';
import { openSocket, type Trace } from './openSocket';
import { chooseProxy } from './proxy';

export interface TestOptions {
  readonly endpoint: string;
  /** Undefined: there is none, so nothing is asked of the log. */
  readonly token: string | undefined;
  /** How long the token still lives; at most, where that is not known. */
  readonly tokenLife: { readonly ms: number; readonly isKnown: boolean } | undefined;
  /** Its owner, where that is known. */
  readonly requester?: Requester | undefined;
  /** Where the connection signs in. */
  readonly authUrl?: string | undefined;
  readonly network: Network;
  /** See {@link checkAccess}. */
  readonly components: readonly string[];
}

/**
 * Goes the way to an Audit endpoint step by step and says how far it leads. Failures are findings; nothing in them is secret.
 * @throws an AbortError when `signal` is aborted
 */
export async function testConnection(options: TestOptions, signal: AbortSignal): Promise<Finding[]> {
  const { endpoint, network } = options;
  let target: URL;
  let way: Finding[];
  try {
    target = readAddress(endpoint);
    way = [describeNetwork(target, network), ...(await testWay(target, network, signal))];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [finding(message('Network'), 'failed', [error.text])];
  }
  const isOpen = way.every(({ outcome }) => outcome !== 'failed');
  const log = isOpen ? await testLog(options, target.host, signal) : skipped(logSteps);
  return [...way, ...log, await testKeystone(options, signal)];
}

/** Whether the Keystone of the connection is reached; signing in is not tried: a wrong password may lock an account. */
async function testKeystone({ authUrl, network }: TestOptions, signal: AbortSignal): Promise<Finding> {
  const step = message('Keystone');
  if (authUrl === undefined) return finding(step, 'skipped', [message('The connection signs in nowhere.')]);
  try {
    const target = readAddress(authUrl);
    const way = await testWay(target, network, signal);
    const failed = way.find(({ outcome }) => outcome === 'failed');
    if (failed) return finding(step, 'failed', failed.details);
    return finding(step, 'ok', [message('{0} can be reached.', target.host)]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return finding(step, 'failed', [error.text]);
  }
}

/** Reaches a server and lets go of it. */
async function testWay(target: URL, network: Network, signal: AbortSignal): Promise<Finding[]> {
  const trace: Trace = {};
  let failure: RequestError | undefined;
  try {
    (await openSocket(target, network, defaultLimits.connectMs, signal, trace)).destroy();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    failure = error;
  }
  const findings: Finding[] = [];
  /** A step that left a trace was made; of the others the first is what failed. */
  const step = (name: Message, made: Omit<Finding, 'step'> | undefined, isNeeded = true): void => {
    if (made) findings.push({ step: name, ...made });
    else if (!isNeeded || findings.some(({ outcome }) => outcome === 'failed')) findings.push(...skipped([name]));
    else findings.push(finding(name, 'failed', failure ? [failure.text] : []));
  };
  const { lookup, connection, tunnel, tls } = trace;
  const proxy = chooseProxy(target, network.proxy);
  const asked = proxy?.hostname ?? target.hostname;
  const isNamed = lookup !== undefined || !connection;
  step(
    message('Name lookup'),
    lookup && lookup.addresses.length > 0
      ? ok(lookup.ms, [message('{0} is {1}.', asked, lookup.addresses.slice(0, 8).join(', '))])
      : undefined,
    isNamed && (failure === undefined || /ENOTFOUND|EAI_AGAIN/.test(String(failure.details.cause))),
  );
  step(message('TCP'), connection && ok(connection.ms, [message('Connected with {0}.', connection.address)]));
  step(
    message('Proxy'),
    tunnel && proxy && ok(tunnel.ms, [message('{0} opened the way to {1}.', proxy.host, target.host)]),
    proxy !== undefined,
  );
  step(message('TLS'), tls && describeTls(tls, network, failure), target.protocol === 'https:');
  return findings;
}

function describeNetwork(target: URL, { ca = [], systemCa = [], strictSsl, proxy }: Network): Finding {
  const through = chooseProxy(target, proxy);
  const details = [
    through
      ? message(
          'Through the proxy {0}, {1}.',
          through.host,
          through.authorization ? message('signed in') : message('not signed in'),
        )
      : message('Directly, through no proxy.'),
    message(
      'Trusted besides the built-in authorities: {0} of the operating system, {1} of {2}.',
      systemCa.length,
      ca.length,
      'activityLog.caFile',
    ),
  ];
  if (strictSsl !== false) return finding(message('Network'), 'ok', details);
  const warning = message(
    'Any certificate is accepted, since {0} is off: whoever sits in between can read the token.',
    'http.proxyStrictSSL',
  );
  return finding(message('Network'), 'warning', [...details, warning]);
}

const day = 86_400_000;

function describeTls(
  { certificates, cipher, ms, protocol, refusal }: NonNullable<Trace['tls']>,
  { strictSsl }: Network,
  failure: RequestError | undefined,
): Omit<Finding, 'step'> {
  const [own] = certificates;
  const details = [message('{0} with {1}.', protocol, cipher), ...certificates.map(describeCertificate)];
  const left = own ? Math.floor((own.to - Date.now()) / day) : 0;
  if (refusal === undefined) {
    if (left >= 14) return ok(ms, details);
    return {
      outcome: 'warning',
      milliseconds: ms,
      details: [...details, message('The certificate expires in {0} days.', left)],
    };
  }
  const reason = failure ? [failure.text] : [message('The certificate would be refused: {0}.', refusal)];
  return { outcome: strictSsl === false ? 'warning' : 'failed', milliseconds: ms, details: [...reason, ...details] };
}

function describeCertificate({ subject, issuer, names, from, to, fingerprint }: Certificate): Message {
  const hash = fingerprint.replaceAll(':', '').toLowerCase();
  const validity = [subject, issuer, dateOf(from), dateOf(to)] as const;
  // That of an authority names no hosts.
  return names.length === 0
    ? message('Certificate “{0}”, issued by “{1}”, valid {2} to {3}; SHA-256 {4}.', ...validity, hash)
    : message(
        'Certificate “{0}”, issued by “{1}”, valid {2} to {3}, for {4}; SHA-256 {5}.',
        ...validity,
        names.slice(0, 8).join(', '),
        hash,
      );
}

function dateOf(time: number): string {
  return Number.isNaN(time) ? '?' : new Date(time).toISOString().slice(0, 10);
}

const logSteps = [message('HTTP'), message('Token'), message('Answer'), message('Clock')] as const;

/** Asks the log for one event. */
async function testLog(options: TestOptions, host: string, signal: AbortSignal): Promise<Finding[]> {
  const { requester, token, tokenLife } = options;
  const [http, authentication, shape, clock] = logSteps;
  if (token === undefined) {
    const text = message('There is no token for {0}. Set a token first.', host);
    return [...skipped([http]), finding(authentication, 'failed', [text]), ...skipped([shape, clock])];
  }
  let attempt: Attempt | undefined;
  let serverTime: { readonly at: number; readonly skew: number } | undefined;
  const source = createAuditSource({
    endpoint: options.endpoint,
    token: () => token,
    network: options.network,
    retry: { attempts: 1 },
    onAttempt: (made) => {
      attempt = made;
      const time = source.clock?.();
      if (time !== undefined) serverTime = { at: time, skew: skewOf(time, Date.now()) };
    },
  });
  let access: Access | undefined;
  let failure: RequestError | undefined;
  try {
    access = await askForOne(source, options.components, signal);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    failure = error;
  } finally {
    source.dispose();
  }
  const failed = failure && (failedSteps[failure.failure] ?? 'http');
  const told = failure ? [failure.text] : [];
  const status =
    attempt?.status === undefined ? [] : [message('Status {0}, {1} bytes.', attempt.status, attempt.bytes)];
  const more = [visibilityText(requester), ...(tokenLife ? [describeLife(tokenLife)] : [])];
  return [
    {
      step: http,
      outcome: failed === 'http' ? 'failed' : 'ok',
      milliseconds: attempt?.milliseconds,
      details: [...status, ...(failed === 'http' ? told : [])],
    },
    failed === 'http'
      ? finding(authentication, 'skipped', more)
      : failed === 'token'
        ? finding(authentication, 'failed', [...told, ...(failure?.failure === 'forbidden' ? [roleHint] : []), ...more])
        : finding(authentication, 'ok', [message('The server accepts the token for this project.'), ...more]),
    access
      ? finding(shape, 'ok', describeAnswer(access))
      : finding(shape, failed === 'answer' ? 'failed' : 'skipped', failed === 'answer' ? told : []),
    serverTime
      ? finding(clock, Math.abs(serverTime.skew) > 60_000 ? 'warning' : 'ok', [describeSkew(serverTime.skew)])
      : finding(clock, 'skipped', attempt?.status === undefined ? [] : [message('The server does not tell its time.')]),
  ];
}

function describeLife({ ms, isKnown }: NonNullable<TestOptions['tokenLife']>): Message {
  const minutes = Math.floor(ms / 60_000);
  return isKnown
    ? message('It lives for {0} more minutes.', minutes)
    : message('It lives for {0} more minutes at most.', minutes);
}

/** Which step a failure belongs to; all others to HTTP. */
const failedSteps: Partial<Record<RequestFailure, 'token' | 'answer'>> = {
  unauthorized: 'token',
  forbidden: 'token',
  malformed: 'answer',
  tooLarge: 'answer',
};

const roleHint = message(
  'The token must be made for this very project, by a user with a role in it that may read the log, such as viewer or project administrator.',
);

function describeAnswer({ component, page }: Access): Message[] {
  const { records, unreadable, marker } = page;
  const details = [
    message(
      '{0} records, {1} that cannot be read, {2}.',
      records.length,
      unreadable.length,
      marker === undefined ? message('no further page') : message('a marker of the next page'),
    ),
    component === undefined
      ? message('It needs no component to be named.')
      : message('It insists on a component to be named; {0} was.', component),
  ];
  const [first] = records;
  return first ? [...details, ...describeFields(first.event)] : details;
}

/** Names of fields only: values are nobody's business. */
function describeFields(event: ActivityEvent): Message[] {
  const known: readonly string[] = eventFields;
  const missing = known.filter((field) => !Object.hasOwn(event, field));
  const further = Object.keys(event).filter((field) => !known.includes(field));
  return [
    ...(missing.length > 0 ? [message('Documented fields that it lacks: {0}.', missing.join(', '))] : []),
    ...(further.length > 0 ? [message('Further fields: {0}.', further.slice(0, 20).join(', ').slice(0, 300))] : []),
  ];
}

/** How far the server's clock is ahead. It tells whole seconds, so anything within that second may be meant. */
function skewOf(serverTime: number, now: number): number {
  if (now < serverTime) return serverTime - now;
  return now >= serverTime + 1000 ? serverTime + 1000 - now : 0;
}

function describeSkew(skew: number): Message {
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (seconds < 2) return message('Both clocks agree.');
  return skew > 0
    ? message('The clock of the server is {0} seconds ahead of this computer’s.', seconds)
    : message('The clock of the server is {0} seconds behind this computer’s.', seconds);
}

function finding(step: Message, outcome: Outcome, details: readonly Message[]): Finding {
  return { step, outcome, details };
}

function ok(milliseconds: number, details: readonly Message[]): Omit<Finding, 'step'> {
  return { outcome: 'ok', milliseconds, details };
}

function skipped(steps: readonly Message[]): Finding[] {
  return steps.map((step) => finding(step, 'skipped', []));
}
