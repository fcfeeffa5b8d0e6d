import type { ApplicationCredentialIdentity, Named, PasswordIdentity } from '../core/openstack/credentials';
import { RequestError, type UserError } from '../core/base/errors';
import { message } from '../core/base/message';
import type { Answer } from './httpClient';
import { isSuccess, Keystone, parseObject, type Issued, type KeystoneOptions } from './keystone';

export interface SignInOptions extends KeystoneOptions {
  /**
   * Gives the passcode of a second factor; `refusal` says why the one before was not accepted. Without it a sign-in that
   * takes one fails.
   */
  passcode?(refusal: UserError | undefined, signal: AbortSignal): Promise<string>;
}

/**
 * Signs in to Keystone v3: a password, with a passcode where Keystone asks for one, or an application credential.
 * @throws RequestError, `unauthorized` where user, secret or passcode are refused; what `passcode` throws; an AbortError
 * when `signal` is aborted
 */
export async function signIn(
  identity: PasswordIdentity | ApplicationCredentialIdentity,
  secret: string,
  options: SignInOptions,
  signal: AbortSignal,
): Promise<Issued> {
  const keystone = new Keystone(identity.authUrl, options);
  const project = identity.kind === 'password' ? identity.project : undefined;
  const send = (methods: object, secrets: readonly string[], receipt?: string) =>
    post(keystone, methods, project, secrets, receipt, signal);

  const first = await send(methodsOf(identity, secret), [secret]);
  if ('token' in first) return first;
  const { passcode } = options;
  if (identity.kind !== 'password' || !takesPasscode(first)) throw unsupported(keystone.host, first);
  if (!passcode) throw secondFactor(keystone.host);
  const receipt = headerOf(first, 'openstack-auth-receipt');
  for (let refusal: UserError | undefined; ;) {
    const code = await passcode(refusal, signal);
    try {
      const totp = { user: { ...identity.user, passcode: code } };
      return (await send({ methods: ['totp'], totp }, [secret, code], receipt)) as Issued;
    } catch (error) {
      if (!(error instanceof RequestError) || error.failure !== 'unauthorized') throw error;
      refusal = error;
    }
  }
}

/** A token; or, where there was no receipt yet, the answer that asks for a second factor. */
async function post(
  keystone: Keystone,
  identity: object,
  project: Named | undefined,
  secrets: readonly string[],
  receipt: string | undefined,
  signal: AbortSignal,
): Promise<Issued | Answer> {
  const headers = { 'content-type': 'application/json', ...(receipt && { 'openstack-auth-receipt': receipt }) };
  const body = JSON.stringify({ auth: { identity, ...(project && { scope: { project } }) } });
  const here = Date.now();
  const answer = await keystone.exchange({ method: 'POST', path: '/auth/tokens', headers, body }, secrets, signal);
  if (isSuccess(answer)) return keystone.read(answer, headerOf(answer, 'x-subject-token') ?? '', undefined, here);
  if (receipt === undefined && headerOf(answer, 'openstack-auth-receipt') !== undefined) return answer;
  throw keystone.refusal(answer, receipt === undefined ? 'signIn' : 'passcode', secrets);
}

/** Exchanges a token for one that is for the project with this id; it ends when the first one does. @throws RequestError */
export async function rescope(
  authUrl: string,
  token: string,
  projectId: string,
  options: KeystoneOptions,
  signal: AbortSignal,
): Promise<Issued> {
  const identity = { methods: ['token'], token: { id: token } };
  return (await post(
    new Keystone(authUrl, options),
    identity,
    { id: projectId },
    [token],
    undefined,
    signal,
  )) as Issued;
}

function methodsOf(identity: PasswordIdentity | ApplicationCredentialIdentity, secret: string): object {
  if (identity.kind === 'password')
    return { methods: ['password'], password: { user: { ...identity.user, password: secret } } };
  const { id, name, user } = identity;
  const named = id === undefined ? { name, user } : { id };
  return { methods: ['application_credential'], application_credential: { ...named, secret } };
}

/** The ways to sign in that would be enough; empty where Keystone does not say. */
function rulesOf(answer: Answer): readonly (readonly string[])[] {
  const rules = parseObject(answer)['required_auth_methods'];
  return Array.isArray(rules) ? rules.filter(Array.isArray).map((rule) => rule.map(String)) : [];
}

function takesPasscode(answer: Answer): boolean {
  const rules = rulesOf(answer);
  return rules.length === 0 || rules.some((rule) => rule.every((name) => name === 'password' || name === 'totp'));
}

function unsupported(host: string, answer: Answer): RequestError {
  const names = rulesOf(answer).map((rule) => rule.join(' + '));
  const text = message('{0} wants a sign-in by {1}, which is not supported here.', host, names.join(', '));
  return new RequestError('unauthorized', text);
}

function secondFactor(host: string): RequestError {
  const text = message('{0} asks for a second factor: a passcode that only a person has. Sign in again.', host);
  return new RequestError('unauthorized', text);
}

function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
