import { RelativePattern, Uri, workspace, type GlobPattern } from 'vscode';
import type { WorkspaceFile } from '../protocol/terraform';

/** Folders that hold no code of the user's own. */
const excludedFolders = ['node_modules', '.git', '.terraform', '.terragrunt-cache', '.vscode-test'];
export const excluded = `**/{${excludedFolders.join(',')}}/**`;

/** Whether the file lies in a folder that holds no code of the user's own. */
export function isExcluded(uri: Uri): boolean {
  return uri.path.split('/').some((name) => excludedFolders.includes(name));
}

/** At most `limit` files of all folders of the workspace that match; `more` says that there are others. */
export async function listFiles(
  pattern: string,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly files: readonly Uri[]; readonly more: boolean }> {
  const files: Uri[] = [];
  for (const folder of workspace.workspaceFolders ?? []) {
    signal.throwIfAborted();
    const glob: GlobPattern = new RelativePattern(folder, pattern);
    files.push(...(await workspace.findFiles(glob, excluded, limit + 1 - files.length)));
    if (files.length > limit) return { files: files.slice(0, limit), more: true };
  }
  return { files, more: false };
}

/** Reads files as long as their sizes stay within a bound. */
export class BoundedReader {
  /** Whether a file was left out. */
  exceeded = false;
  #left: number;

  constructor(
    bytes: number,
    private readonly largestFile: number,
  ) {
    this.#left = bytes;
  }

  /** The bytes; undefined where the file is past a bound or cannot be read (gone, forbidden). */
  async read(uri: Uri): Promise<Buffer | undefined> {
    try {
      const { size } = await workspace.fs.stat(uri);
      if (size > this.largestFile || size > this.#left) {
        this.exceeded = true;
        return undefined;
      }
      this.#left -= size;
      const bytes = await workspace.fs.readFile(uri);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch {
      return undefined;
    }
  }
}

/** What the editor shows where the file is open and changed, else what is stored. */
export function textOf(uri: Uri, bytes: Buffer): string {
  const key = uri.toString();
  const open = workspace.textDocuments.find((document) => document.isDirty && document.uri.toString() === key);
  return open?.getText() ?? bytes.toString('utf8');
}

/** Runs `work` on the items in order, a few at a time, so that slow file systems are not waited for one by one. */
export async function forEachFew<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const few = 8;
  for (let start = 0; start < items.length; start += few) {
    signal.throwIfAborted();
    await Promise.all(items.slice(start, start + few).map(work));
  }
}

/** The file as the index knows it, which reads by itself what lies on a disk. */
export function fileOf(uri: Uri): WorkspaceFile {
  return { key: keyOf(uri), path: uri.scheme === 'file' ? uri.fsPath : undefined };
}

/** What the index calls the file. */
export function keyOf({ scheme, authority, path }: Uri): string {
  return `${scheme}://${authority}${path}`;
}

/** The file that the index calls `key`. */
export function uriOf(key: string): Uri {
  const [, scheme = '', authority = '', path = ''] = /^([^:]*):\/\/([^/]*)(.*)$/s.exec(key) ?? [];
  return Uri.from({ scheme, authority, path });
}
