import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { onDisk } from '../fileErrors';
import type { Scratch } from './writer';

/**
 * A file that appears under its name only once it is complete. Until then it grows in the same folder under a name nobody
 * can guess, readable by the user only, together with the scratch files of the work.
 */
export class TargetFile {
  readonly #open = new Map<string, FileHandle>();

  private constructor(
    readonly path: string,
    readonly temporary: string,
  ) {}

  /** @throws UserError when nothing can be written to `path` */
  static async create(path: string): Promise<TargetFile> {
    const target = await resolveTarget(path);
    const file = new TargetFile(target, temporaryName(target));
    await file.#create(file.temporary);
    return file;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#append(this.temporary, bytes);
  }

  async createScratch(): Promise<Scratch> {
    const path = temporaryName(this.path);
    const handle = await this.#create(path);
    return {
      append: (bytes) => this.#append(path, bytes),
      read: (start = 0, end = Infinity) => readBytes(handle, start, end),
    };
  }

  /** Puts the complete file in its place. */
  async commit(): Promise<void> {
    await onDisk(this.path, 'write', async () => {
      const handle = this.#open.get(this.temporary);
      await handle?.sync();
      await handle?.close();
      this.#open.delete(this.temporary);
      await rename(this.temporary, this.path);
    });
  }

  /** Removes whatever is not the committed file. */
  async clean(): Promise<void> {
    for (const handle of this.#open.values()) await handle.close().catch(() => undefined);
    for (const path of this.#open.keys()) await rm(path, { force: true });
    this.#open.clear();
    await rm(this.temporary, { force: true });
  }

  async #create(path: string): Promise<FileHandle> {
    const handle = await onDisk(this.path, 'write', () => open(path, 'wx+', 0o600));
    this.#open.set(path, handle);
    return handle;
  }

  async #append(path: string, bytes: Uint8Array): Promise<void> {
    await onDisk(this.path, 'write', async () => this.#open.get(path)?.appendFile(bytes));
  }
}

/** Where a link leads, so that the link stays a link; the path itself where there is nothing yet. */
async function resolveTarget(path: string): Promise<string> {
  const target = await realpath(path).catch(() => resolve(path));
  const found = await stat(target).catch(() => undefined);
  if (found?.isDirectory()) throw new UserError(message('{0} is a folder. Choose a file name.', path));
  if (found && !found.isFile()) throw new UserError(message('{0} is not a regular file. Choose another name.', path));
  return target;
}

function temporaryName(target: string): string {
  return join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(9).toString('hex')}.tmp`);
}

async function* readBytes(handle: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let position = start; position < end;) {
    const length = Math.min(256 * 1024, end - position);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}
