import { Worker } from 'node:worker_threads';

const script = `require('node:worker_threads').parentPort.postMessage(require('node:tls').getCACertificates('system'))`;

let reading: Promise<readonly string[]> | undefined;

/** PEM texts of the authorities that this computer trusts; none where they cannot be read. Read once, on a thread of its own: it takes a while. */
export function readSystemCa(): Promise<readonly string[]> {
  return (reading ??= new Promise((resolve) => {
    const worker = new Worker(script, { eval: true });
    // Some systems list each of them several times.
    worker.once('message', (certificates: readonly string[]) => resolve([...new Set(certificates)]));
    worker.once('error', () => resolve([]));
    worker.once('exit', () => resolve([]));
  }));
}
