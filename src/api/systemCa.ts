import { startWorker } from '../protocol/startWorker';

interface CaReader {
  read(): readonly string[];
}

/** Answers one call, in the words of rpc.ts: a text cannot import. */
const script = `const { parentPort } = require('node:worker_threads');
parentPort.once('message', ({ id }) => {
  const value = require('node:tls').getCACertificates('system');
  parentPort.postMessage({ rpc: 'result', id, value });
});`;

let reading: Promise<readonly string[]> | undefined;

/** PEM texts of the authorities that this computer trusts; none where they cannot be read. Read once, on a thread of its own: it takes a while. */
export function readSystemCa(): Promise<readonly string[]> {
  return (reading ??= read());
}

async function read(): Promise<readonly string[]> {
  const { remote, dispose } = startWorker<CaReader>(script, {
    eval: true,
    died: (cause) => new Error('The certificates of this computer cannot be read', { cause }),
  });
  try {
    // Some systems list each of them several times.
    return [...new Set(await remote.read())];
  } catch {
    return [];
  } finally {
    void dispose();
  }
}
