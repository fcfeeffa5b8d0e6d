import type { LoadPorts } from '../../../src/app/loadThread';

/** Ports of a load that is given `token` and asks for nothing more. */
export function quietPorts(token: string, now: number): LoadPorts {
  return {
    now: () => now,
    token: () => token,
    onDidChangeToken: () => ({ dispose: () => undefined }),
    reported: () => undefined,
    waitForToken: () => Promise.reject(new Error('The token was refused')),
    log: () => undefined,
  };
}
