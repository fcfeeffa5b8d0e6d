import type { ReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { onDisk } from '../fileErrors';
import { openFile } from './openFile';

const chunkSize = 256 * 1024;

/** The first bytes of a file. @throws UserError where it cannot be read */
export async function readStart(path: string, length: number): Promise<Buffer> {
  return onDisk(path, 'read', async () => {
    const file = await openFile(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  });
}

/**
 * The text of a file in chunks: UTF-8, or UTF-16 where its first bytes say so (PowerShell writes that). What is added to it
 * meanwhile is left out, so that there is an end.
 */
export async function* decodeFile(path: string, signal: AbortSignal): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  const file = await openFile(path);
  let stream: ReadStream | undefined;
  try {
    const { size } = await onDisk(path, 'read', () => file.stat());
    if (size === 0) return;
    stream = file.createReadStream({ highWaterMark: chunkSize, signal, end: size - 1, autoClose: false });
    const chunks = stream[Symbol.asyncIterator]();
    for (;;) {
      const next = await onDisk(path, 'read', () => chunks.next());
      if (next.done) break;
      const bytes = next.value as Buffer;
      decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
      yield decode(path, decoder, bytes);
    }
    yield decode(path, decoder ?? new TextDecoder(), undefined);
  } finally {
    stream?.destroy();
    await file.close();
  }
}

function decode(path: string, decoder: TextDecoder, bytes: Uint8Array | undefined): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch (cause) {
    throw new UserError(message('{0} is not a text in UTF-8. Save it again as UTF-8.', path), { cause });
  }
}

export function encodingOf(start: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}
