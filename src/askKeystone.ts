import type { KeystonePort } from './host/keystonePort';
import { readNetwork } from './readNetwork';

const api = () => import('./api');

/** Keystone over the network, as the settings say. */
export const askKeystone: KeystonePort = {
  async signIn(identity, secret, passcode, signal) {
    const options = { network: await readNetwork(), ...(passcode && { passcode }) };
    return (await api()).signIn(identity, secret, options, signal);
  },
  async rescope(authUrl, token, projectId, signal) {
    return (await api()).rescope(authUrl, token, projectId, { network: await readNetwork() }, signal);
  },
  async describe(authUrl, token, signal) {
    return (await keystoneAt(authUrl)).describe(token, signal);
  },
  async revoke(authUrl, token, signal) {
    return (await keystoneAt(authUrl)).revoke(token, signal);
  },
  async projects(authUrl, token, signal) {
    return (await keystoneAt(authUrl)).projects(token, signal);
  },
};

async function keystoneAt(authUrl: string) {
  const { Keystone } = await api();
  return new Keystone(authUrl, { network: await readNetwork() });
}
