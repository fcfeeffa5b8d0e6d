import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createGunzip, gunzip } from 'node:zlib';

/** The chunks of a body as they come over the wire; called once. */
export type Chunks = () => AsyncIterable<Buffer>;

export interface Bound {
  readonly bytes: number;
  /** What is thrown where there is more. */
  exceeded(): Error;
}

/** All of a body, decompressed off this thread, in an ArrayBuffer of its own, so that it can be transferred to another thread. */
export async function readWhole(
  chunks: Chunks,
  zipped: boolean,
  bound: Bound,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const collected: Buffer[] = [];
  let length = 0;
  const collect = async (parts: AsyncIterable<Buffer>): Promise<void> => {
    for await (const part of parts) {
      length += part.length;
      if (length > bound.bytes) throw bound.exceeded();
      collected.push(part);
    }
  };
  if (zipped) await pipeline(chunks, createGunzip({ chunkSize: 256 * 1024 }), collect, { signal });
  else await collect(chunks());

  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of collected) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const quotable = 64 * 1024;

/** As much of a refusal's body as a short quotation needs; empty where it cannot be read. */
export async function readBeginning(chunks: Chunks, zipped: boolean): Promise<Uint8Array> {
  const collected: Buffer[] = [];
  let length = 0;
  for await (const part of chunks()) {
    collected.push(part);
    length += part.length;
    if (length >= quotable) break;
  }
  const beginning = Buffer.concat(collected).subarray(0, quotable);
  if (!zipped) return beginning;
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 20 };
  return promisify(gunzip)(beginning, options).catch(() => new Uint8Array());
}
