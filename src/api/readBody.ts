import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createGunzip, gunzip } from 'node:zlib';

/** The chunks of a body as they come over the wire; called once. */
type Chunks = () => AsyncIterable<Buffer>;

interface Bound {
  readonly bytes: number;
  /** What is thrown where there is more. */
  exceeded(): Error;
}

/** From so many bytes on a body is large. */
const largeBody = 4 << 20;

/**
 * All of a body, decompressed off this thread, in an ArrayBuffer of its own, so that it can be transferred to another thread.
 * @param onLarge called once where it is large, before more of it is read
 */
export async function readWhole(
  chunks: Chunks,
  zipped: boolean,
  bound: Bound,
  onLarge: () => Promise<void>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  let buffer = new ArrayBuffer(64 * 1024);
  let length = 0;
  const collect = async (parts: AsyncIterable<Buffer>): Promise<void> => {
    for await (const part of parts) {
      const next = length + part.length;
      if (next > bound.bytes) throw bound.exceeded();
      if (length <= largeBody && next > largeBody) {
        await onLarge();
        buffer = growing(buffer, bound.bytes);
      }
      if (buffer.resizable) buffer.resize(next);
      else if (next > buffer.byteLength) buffer = buffer.transfer(Math.max(next, 2 * length));
      new Uint8Array(buffer).set(part, length);
      length = next;
    }
  };
  try {
    if (zipped) await pipeline(chunks, createGunzip({ chunkSize: 256 * 1024 }), collect, { signal });
    else await collect(chunks());
  } catch (error) {
    // Detached, it is free at once; collected, perhaps only when there are several.
    buffer.transferToFixedLength(0);
    throw error;
  }
  return new Uint8Array(buffer.resizable ? buffer : buffer.transfer(length));
}

/** A copy that can grow where it is: no larger one need be made beside it. */
function growing(buffer: ArrayBuffer, maxByteLength: number): ArrayBuffer {
  const copy = new ArrayBuffer(buffer.byteLength, { maxByteLength });
  new Uint8Array(copy).set(new Uint8Array(buffer));
  return copy;
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
