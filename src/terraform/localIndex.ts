import { open, readFile, type FileHandle } from 'node:fs/promises';
import { UserError } from '../core/errors';
import { message, type Message } from '../core/message';
import { findBlocks, type Block } from '../core/terraformBlocks';
import type {
  DeclaredResources,
  FileContent,
  FileReader,
  IndexNote,
  KnownId,
  StateResource,
  TerraformIndex,
  WorkspaceFile,
} from '../protocol/terraform';
import { Code } from './code';
import { Links, type ReadState } from './links';
import { readState } from './readState';

const megabyte = 1_048_576;
const maxStateBytes = 100 * megabyte;
const maxCodeFile = 2 * megabyte;

interface KeptState extends ReadState {
  readonly bytes: number;
}

/** The index on this thread; the worker offers it to the extension. */
export class LocalIndex implements TerraformIndex {
  readonly #states = new Map<string, KeptState>();
  readonly #code = new Map<string, readonly Block[]>();
  readonly #notes = new Map<string, Message>();
  #links = new Links([], new Code(new Map()));

  constructor(private readonly reader: FileReader) {}

  async update(files: readonly WorkspaceFile[], signal: AbortSignal): Promise<void> {
    for (const file of files) {
      signal.throwIfAborted();
      this.#states.delete(file.key);
      this.#code.delete(file.key);
      this.#notes.delete(file.key);
      try {
        if (isCode(file.key)) await this.#takeCode(file);
        else await this.#takeState(file);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.#notes.set(file.key, error.text);
      }
    }
    this.#links = new Links([...this.#states.values()], new Code(this.#code));
  }

  find(ids: readonly string[]): readonly (readonly [string, readonly KnownId[]])[] {
    return ids.map((id) => [id, this.#links.find(id)] as const).filter(([, known]) => known.length > 0);
  }

  declaredIn(file: string): readonly DeclaredResources[] {
    return this.#links.declaredIn(file);
  }

  resources(): readonly StateResource[] {
    return this.#links.resources;
  }

  notes(): readonly IndexNote[] {
    return [...this.#notes].map(([file, text]) => ({ file, text }));
  }

  async #takeCode(file: WorkspaceFile): Promise<void> {
    const content = await this.#read(file, maxCodeFile);
    if (content) this.#code.set(file.key, findBlocks(decode(content.bytes), file.key));
  }

  async #takeState(file: WorkspaceFile): Promise<void> {
    let used = 0;
    for (const { bytes } of this.#states.values()) used += bytes;
    const content = await this.#read(file, maxStateBytes - used);
    const state = content && readState(decode(content.bytes));
    if (!state) return;
    const source = { file: file.key, modified: content.modified, serial: state.serial };
    this.#states.set(file.key, { source, instances: state.instances, bytes: content.bytes.byteLength });
  }

  /** Undefined where the file is gone, forbidden or of no interest. @throws UserError where it is too large */
  async #read({ key, path }: WorkspaceFile, longest: number): Promise<FileContent | undefined> {
    const content = await (path === undefined
      ? this.reader.read(key, longest)
      : readLocal(path, longest, mayHold(key)));
    return content && mayHold(key)(content.bytes) ? content : undefined;
  }
}

/** Of files that need not be a state the beginning tells. */
function mayHold(key: string): (head: Uint8Array) => boolean {
  return isCode(key) || key.endsWith('.tfstate')
    ? () => true
    : (head) => shown.test(decode(head.subarray(0, headLength)));
}

const headLength = 256;
/** How what `terraform show -json` prints begins, laid out or not. */
const shown = /^\s*\{\s*"format_version"\s*:/;

async function readLocal(
  path: string,
  longest: number,
  isWanted: (head: Uint8Array) => boolean,
): Promise<FileContent | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const found = await file.stat();
    if (!found.isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
    if (!isWanted(buffer.subarray(0, bytesRead))) return undefined;
    if (found.size <= longest) return { bytes: await readFile(path), modified: found.mtimeMs };
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
  throw new UserError(message('The file is too large to be read.'));
}

export function isCode(key: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(key);
}

function decode(bytes: Uint8Array): string {
  // Windows PowerShell writes what a command prints so.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
