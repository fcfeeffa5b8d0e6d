import { posix } from 'node:path';
import {
  EventEmitter,
  FileChangeType,
  FileSystemError,
  FileType,
  type FileChangeEvent,
  type Uri,
  type FileStat,
  type FileSystemProvider,
} from 'vscode';

/** A file system that lies on no disk, as those of repositories elsewhere. */
export class MemoryFiles implements FileSystemProvider {
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #files = new Map<string, { bytes: Uint8Array; mtime: number }>();

  watch(): { dispose(): void } {
    return { dispose: () => undefined };
  }

  stat(uri: Uri): FileStat {
    const file = this.#files.get(uri.path);
    if (file) return { type: FileType.File, ctime: 0, mtime: file.mtime, size: file.bytes.length };
    if (uri.path === '/far' || this.readDirectory(uri).length > 0)
      return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw FileSystemError.FileNotFound(uri);
  }

  readDirectory({ path }: Uri): [string, FileType][] {
    const entries = new Map<string, FileType>();
    for (const file of this.#files.keys()) {
      const [name = '', ...below] = posix.relative(path, file).split('/');
      if (name !== '..') entries.set(name, below.length > 0 ? FileType.Directory : FileType.File);
    }
    return [...entries];
  }

  readFile(uri: Uri): Uint8Array {
    const file = this.#files.get(uri.path);
    if (!file) throw FileSystemError.FileNotFound(uri);
    return file.bytes;
  }

  writeFile(uri: Uri, bytes: Uint8Array): void {
    const type = this.#files.has(uri.path) ? FileChangeType.Changed : FileChangeType.Created;
    this.#files.set(uri.path, { bytes, mtime: Date.now() });
    this.#changed.fire([{ type, uri }]);
  }

  /** Without telling anybody. */
  put(path: string, text: string): void {
    this.#files.set(path, { bytes: Buffer.from(text), mtime: 0 });
  }

  delete(uri: Uri): void {
    for (const path of this.#files.keys())
      if (path === uri.path || path.startsWith(`${uri.path}/`)) this.#files.delete(path);
    this.#changed.fire([{ type: FileChangeType.Deleted, uri }]);
  }

  createDirectory(): void {
    // A folder is there while a file is in it.
  }

  rename(): void {
    throw FileSystemError.NoPermissions();
  }
}
