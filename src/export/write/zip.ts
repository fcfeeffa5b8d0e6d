import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';

export interface ZipEntry {
  readonly path: string;
  readonly data: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

interface Written {
  readonly path: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const limit = 0xffff_ffff;
const usesDescriptor = 0x0008; // sizes follow the data
const isUtf8 = 0x0800;
const firstDay = 0x21; // 1980-01-01: the same events give the same bytes

/**
 * A ZIP archive as a stream, compressed off this thread. Without zip64, which spreadsheet programs cannot all read.
 * @throws UserError where the archive passes the 4 GB it can hold
 */
export async function* zip(entries: AsyncIterable<ZipEntry>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const path = Buffer.from(entry.path);
    const start = offset;
    let [crc, size, packed] = [0, 0, 0];
    const deflate = createDeflateRaw();
    const fed = pipeline(measured(), deflate, { signal });
    fed.catch(() => undefined); // the loop below throws it
    yield localHeader(path);
    for await (const chunk of deflate as AsyncIterable<Uint8Array>) {
      packed += chunk.length;
      yield chunk;
    }
    await fed;
    offset += 30 + path.length + packed + 16;
    if (size > limit || offset > limit) throw tooLarge();
    yield descriptor(crc, packed, size);
    written.push({ path, crc, packed, size, offset: start });

    async function* measured(): AsyncGenerator<Uint8Array> {
      for await (const chunk of entry.data) {
        crc = crc32(chunk, crc);
        size += chunk.length;
        yield chunk;
      }
    }
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  if (offset + directory.length > limit) throw tooLarge();
  yield directory;
  yield endOfDirectory(written.length, directory.length, offset);
}

function tooLarge(): UserError {
  return new UserError(
    message('The events do not fit into one Excel file of 4 GB. Export a shorter time range, or as csv or ndjson.'),
  );
}

function localHeader(path: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(usesDescriptor | isUtf8, 6);
  header.writeUInt16LE(8, 8); // deflate
  header.writeUInt16LE(firstDay, 12);
  header.writeUInt16LE(path.length, 26);
  return Buffer.concat([header, path]);
}

function descriptor(crc: number, packed: number, size: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x0807_4b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(packed, 8);
  bytes.writeUInt32LE(size, 12);
  return bytes;
}

function directoryEntry({ path, crc, packed, size, offset }: Written): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x0201_4b50, 0);
  entry.writeUInt16LE(20, 4);
  entry.writeUInt16LE(20, 6);
  entry.writeUInt16LE(usesDescriptor | isUtf8, 8);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt16LE(firstDay, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(packed, 20);
  entry.writeUInt32LE(size, 24);
  entry.writeUInt16LE(path.length, 28);
  entry.writeUInt32LE(offset, 42);
  return Buffer.concat([entry, path]);
}

function endOfDirectory(entries: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
