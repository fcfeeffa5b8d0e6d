import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { FileType, RelativePattern, Uri, workspace } from 'vscode';
import type { WorkspaceFile } from '../../protocol/terraform';

/** Folders that hold no code of the user's own. */
const excludedFolders = ['node_modules', '.git', '.terraform', '.terragrunt-cache', '.vscode-test'];
const excluded = `**/{${excludedFolders.join(',')}}/**`;

/** Whether the file lies in a folder that holds no code of the user's own. */
export function isExcluded(uri: Uri): boolean {
  return uri.path.split('/').some((name) => excludedFolders.includes(name));
}

/** Which files, as the editor's search takes it, and the same of a name. */
export interface FilePattern {
  readonly glob: string;
  readonly name: RegExp;
}

interface FoundFiles {
  readonly files: readonly Uri[];
  /** There are others. */
  readonly more: boolean;
}

/** At most `limit` files of all folders of the workspace that match. */
export async function listFiles(pattern: FilePattern, limit: number, signal: AbortSignal): Promise<FoundFiles> {
  const files: Uri[] = [];
  for (const { uri } of workspace.workspaceFolders ?? []) {
    signal.throwIfAborted();
    const found = await filesIn(uri, pattern, limit - files.length, signal);
    files.push(...found.files);
    if (found.more) return { files, more: true };
  }
  return { files, more: false };
}

/** The same of one folder. */
export async function filesIn(
  folder: Uri,
  { glob, name }: FilePattern,
  limit: number,
  signal: AbortSignal,
): Promise<FoundFiles> {
  // For the search of other file systems the editor waits until an extension brings one: mostly for ever.
  if (folder.scheme !== 'file' && folder.scheme !== 'vscode-remote') return walk(folder, name, limit, signal);
  const files = await workspace.findFiles(new RelativePattern(folder, glob), excluded, limit + 1);
  const root = workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  return { files: await withoutCircles(root, files.slice(0, limit)), more: files.length > limit };
}

/** Leaves out what is found again behind a link to a folder above it. */
async function withoutCircles(root: Uri, files: readonly Uri[]): Promise<Uri[]> {
  const top = await realpath(root.fsPath).catch(() => root.fsPath);
  const inCircle = new Set<string>();
  const look = async (folder: string): Promise<void> => {
    const place = path.join(top, path.relative(root.fsPath, folder));
    const real = await realpath(folder).catch(() => place);
    if (real !== place && `${place}${path.sep}`.startsWith(`${real}${path.sep}`)) inCircle.add(folder);
  };
  await Promise.all([...new Set(files.map(({ fsPath }) => path.dirname(fsPath)))].map(look));
  return files.filter(({ fsPath }) => !inCircle.has(path.dirname(fsPath)));
}

/** Folders looked into where the editor does not search. */
const maxFolders = 10_000;

/** Goes through folders. Links to folders may lead in a circle and are not followed. */
async function walk(root: Uri, name: RegExp, limit: number, signal: AbortSignal): Promise<FoundFiles> {
  const files: Uri[] = [];
  let folders = [root];
  for (let seen = 1; folders.length > 0; seen += folders.length) {
    if (files.length > limit || seen > maxFolders) return { files: files.slice(0, limit), more: true };
    const below: Uri[] = [];
    const read = async (folder: Uri): Promise<void> => {
      const entries = await Promise.resolve(workspace.fs.readDirectory(folder)).catch(() => []);
      for (const [entry, type] of entries) {
        const uri = Uri.joinPath(folder, entry);
        if (type === FileType.Directory && !excludedFolders.includes(entry)) below.push(uri);
        else if ((type & FileType.File) !== 0 && name.test(entry)) files.push(uri);
      }
    };
    await forEachFew(folders, read, signal);
    folders = below;
  }
  return { files: files.slice(0, limit), more: files.length > limit };
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
