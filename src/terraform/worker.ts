import { parentPort, workerData } from 'node:worker_threads';
import type { FileReader } from '../protocol/terraform';
import { connect } from '../protocol/rpc';
import { portOf } from '../protocol/workerPort';
import { LocalIndex } from './localIndex';
import { readStateApart, readStateBytes, stateReader, type StateReader } from './stateReader';

/** Bytes of a state. */
const large = 16 * 1_048_576;

// The entry of the worker threads: of the index, and of those that read a large state for it.
if (!parentPort) throw new Error('This file is run as a worker only');
const port = portOf(parentPort);
if (workerData === stateReader) {
  connect(port, { readState: readStateBytes } satisfies StateReader);
} else {
  const readState: StateReader['readState'] = (bytes, taken) =>
    bytes.length < large ? readStateBytes(bytes, taken) : readStateApart(__filename, bytes, taken);
  const index: LocalIndex = new LocalIndex({ read: (key, longest) => remote.read(key, longest) }, readState);
  const { remote } = connect<FileReader>(port, index);
}
