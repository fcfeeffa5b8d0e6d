import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/** A part of a ZIP archive. */
export interface ZipPart {
  readonly path: string;
  /** Bytes in the archive, and unpacked: as its directory says, so they may be a lie. */
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly crc: number;
  readonly isDeflated: boolean;
}

/** The directory and what may stand behind it. */
const maxDirectory = 4 << 20;
const maxEnd = 22 + 0xffff;
const [endMark, entryMark, partMark] = [0x0605_4b50, 0x0201_4b50, 0x0403_4b50];
const chunkSize = 64 * 1024;

/**
 * The directory of a ZIP archive, by path. Zip64, which is for archives above 4 GB, is not read. Libraries either hold the whole
 * archive in memory or read ahead of who takes its text.
 * @throws Error where it is none
 */
export async function readDirectory(file: FileHandle): Promise<ReadonlyMap<string, ZipPart>> {
  const { size } = await file.stat();
  const end = await read(file, Math.max(0, size - maxEnd), Math.min(size, maxEnd));
  let at = end.length - 22;
  while (at >= 0 && end.readUInt32LE(at) !== endMark) at--;
  if (at < 0) throw new Error('No directory');
  const [count, length, start] = [end.readUInt16LE(at + 10), end.readUInt32LE(at + 12), end.readUInt32LE(at + 16)];
  if (length > maxDirectory) throw new Error('A directory larger than that of any workbook');
  const directory = await read(file, start, length);
  const parts = new Map<string, ZipPart>();
  for (let entry = 0, place = 0; entry < count; entry++) {
    if (directory.readUInt32LE(place) !== entryMark) throw new Error('A damaged directory');
    const nameEnd = place + 46 + directory.readUInt16LE(place + 28);
    const method = directory.readUInt16LE(place + 10);
    const path = directory.toString('utf8', place + 46, nameEnd);
    if (method === 0 || method === 8) {
      parts.set(path, {
        path,
        packed: directory.readUInt32LE(place + 20),
        size: directory.readUInt32LE(place + 24),
        offset: directory.readUInt32LE(place + 42),
        crc: directory.readUInt32LE(place + 16),
        isDeflated: method === 8,
      });
    }
    place = nameEnd + directory.readUInt16LE(place + 30) + directory.readUInt16LE(place + 32);
  }
  return parts;
}

/** The text of a part, as it is asked for. @throws Error where it is not what the directory says, at the first byte too many */
export async function* readPart(file: FileHandle, part: ZipPart, signal: AbortSignal): AsyncGenerator<string> {
  const head = await read(file, part.offset, 30);
  if (head.readUInt32LE(0) !== partMark) throw new Error('A part is not where the directory says');
  const start = part.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [size, crc] = [0, 0];
  for await (const bytes of unpack(file, part, start)) {
    signal.throwIfAborted();
    size += bytes.length;
    if (size > part.size) throw new Error('A part is larger than the directory says');
    crc = crc32(bytes, crc);
    yield decoder.decode(bytes, { stream: true });
  }
  if (size !== part.size || crc !== part.crc) throw new Error('A part is damaged');
  yield decoder.decode();
}

async function* unpack(file: FileHandle, { isDeflated, packed }: ZipPart, start: number): AsyncGenerator<Uint8Array> {
  if (packed === 0) return;
  const stream = file.createReadStream({ start, end: start + packed - 1, autoClose: false, highWaterMark: chunkSize });
  if (!isDeflated) {
    yield* stream as AsyncIterable<Uint8Array>;
    return;
  }
  const inflate = createInflateRaw({ chunkSize });
  const fed = pipeline(stream, inflate);
  fed.catch(() => undefined); // the loop below throws it
  yield* inflate as AsyncIterable<Uint8Array>;
  await fed;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('Cut off');
  return buffer;
}
