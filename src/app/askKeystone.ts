import type { KeystoneOptions } from '../api';
import type { KeystonePort } from '../host/connections/keystonePort';

/** Keystone over the network, of which `options` tells the way anew each time. */
export function askKeystone(options: () => Promise<KeystoneOptions>): KeystonePort {
  const api = () => import('../api');
  const at = async (authUrl: string) => new (await api()).Keystone(authUrl, await options());
  return {
    signIn: async (identity, secret, passcode, signal) =>
      (await api()).signIn(identity, secret, { ...(await options()), ...(passcode && { passcode }) }, signal),
    rescope: async (authUrl, token, projectId, signal) =>
      (await api()).rescope(authUrl, token, projectId, await options(), signal),
    describe: async (authUrl, token, signal) => (await at(authUrl)).describe(token, signal),
    revoke: async (authUrl, token, signal) => (await at(authUrl)).revoke(token, signal),
    projects: async (authUrl, token, signal) => (await at(authUrl)).projects(token, signal),
  };
}
