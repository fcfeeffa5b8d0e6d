import type { Issued, Project } from '../../api';
import type { ApplicationCredentialIdentity, PasswordIdentity } from '../../core/openstack/credentials';
import type { UserError } from '../../core/base/errors';

/** Gives the passcode of a second factor; `refusal` says why the one before was not accepted. */
export type AskPasscode = (refusal: UserError | undefined, signal: AbortSignal) => Promise<string>;

/** What Keystone is asked for. All reject with a RequestError, or an AbortError when `signal` is aborted. */
export interface KeystonePort {
  /** Without `passcode` a sign-in that takes one is refused. */
  signIn(
    identity: PasswordIdentity | ApplicationCredentialIdentity,
    secret: string,
    passcode: AskPasscode | undefined,
    signal: AbortSignal,
  ): Promise<Issued>;
  /** The same token for a project. */
  rescope(authUrl: string, token: string, projectId: string, signal: AbortSignal): Promise<Issued>;
  /** What is known of a token. */
  describe(authUrl: string, token: string, signal: AbortSignal): Promise<Issued>;
  revoke(authUrl: string, token: string, signal: AbortSignal): Promise<void>;
  /** Those that the owner of the token has a role in. */
  projects(authUrl: string, token: string, signal: AbortSignal): Promise<readonly Project[]>;
}
