import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';
import { transfer } from '../protocol/rpc';
import { startWorker } from '../protocol/startWorker';
import { readState, type State } from './readState';

/** Reads the bytes of a state; see {@link readState}. */
export interface StateReader {
  readState(bytes: Uint8Array, taken: number): State | undefined | Promise<State | undefined>;
}

export function readStateBytes(bytes: Uint8Array, taken: number): State | undefined {
  return readState(decode(bytes), taken);
}

/**
 * Reads a large state in a worker of its own: an idle thread does not give back what reading took, several times the size of the file.
 * Should it need more memory than it may have, only this state is lost.
 */
export async function readStateApart(
  workerPath: string,
  bytes: Uint8Array,
  taken: number,
  maxOldGenerationSizeMb = 1024,
): Promise<State | undefined> {
  const { remote, dispose } = startWorker<StateReader>(workerPath, {
    workerData: stateReader,
    resourceLimits: { maxOldGenerationSizeMb },
    died: (cause) => new UserError(message('Reading the state file takes too much memory.'), { cause }),
  });
  try {
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
    return await remote.readState(transfer(own, [own.buffer]), taken);
  } finally {
    await dispose();
  }
}

/** What the worker's data is when it is to read one state. */
export const stateReader = 'stateReader';

export function decode(bytes: Uint8Array): string {
  // Windows PowerShell writes what a command prints so.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
