import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { UserError } from '../core/base/errors';
import { message, type Message } from '../core/base/message';
import { maxImports, readCode, type TerraformCode } from './syntax/terraformBlocks';
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
import { readImports } from './imports';
import type { Instance } from './instance';
import { Links, type ReadState } from './links';
import { decode, readStateBytes, type StateReader } from './stateReader';

const megabyte = 1_048_576;
const maxStateBytes = 100 * megabyte;
const maxCodeBytes = 32 * megabyte;
const maxCodeFile = megabyte;
/** Of all code; those of `moved` included. */
const maxBlocks = 200_000;
/** Of all states. */
const maxIds = 500_000;

/** Files of code asked for at once: those that lie elsewhere take their time. */
const few = 8;

/** The index on this thread; the worker offers it to the extension. */
export class LocalIndex implements TerraformIndex {
  readonly #states = new Map<string, ReadState>();
  readonly #code = new Map<string, TerraformCode>();
  readonly #notes = new Map<string, Message>();
  /** Bytes of the files that were taken in, and of all together. */
  readonly #lengths = new Map<string, number>();
  #codeBytes = 0;
  #blocks = 0;
  #imports = 0;
  #stateBytes = 0;
  #links = new Links([], new Code(new Map()));

  constructor(
    private readonly reader: FileReader,
    private readonly readState: StateReader['readState'] = readStateBytes,
  ) {}

  async update(files: readonly WorkspaceFile[], signal: AbortSignal): Promise<boolean> {
    let changed = false;
    const ahead = new Map<WorkspaceFile, Promise<FileContent | undefined>>();
    for (const [index, file] of files.entries()) {
      signal.throwIfAborted();
      for (const next of files.slice(index, index + few)) {
        if (!isCode(next.key) || ahead.has(next)) continue;
        const content = this.#read(next, maxCodeFile);
        ahead.set(next, content);
        content.catch(() => undefined); // it is waited for in its turn
      }
      const before = this.#forget(file.key);
      try {
        changed = (await this.#take(file, ahead.get(file))) || before || changed;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.#notes.set(file.key, error.text);
        changed = true;
      }
      ahead.delete(file);
    }
    if (changed) this.#links = new Links([...this.#states.values(), ...readImports(this.#code)], new Code(this.#code));
    return changed;
  }

  /** Whether anything was known of the file, or of the files in it if it was a folder. */
  #forget(key: string): boolean {
    let known = false;
    const forget = (file: string): void => {
      const length = this.#lengths.get(file) ?? 0;
      const code = this.#code.get(file);
      if (code) this.#count(code, -1);
      if (isCode(file)) this.#codeBytes -= length;
      else this.#stateBytes -= length;
      for (const files of [this.#states, this.#code, this.#notes, this.#lengths]) known = files.delete(file) || known;
    };
    if (isCode(key) || mayBeState(key)) forget(key);
    else {
      const all = new Set([...this.#lengths.keys(), ...this.#notes.keys()]);
      for (const file of all) if (file.startsWith(`${key}/`)) forget(file);
    }
    return known;
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

  /** Whether the file is of use. @throws UserError where it cannot be taken in */
  async #take(file: WorkspaceFile, code: Promise<FileContent | undefined> | undefined): Promise<boolean> {
    if (code) return this.#takeCode(file, await code);
    return mayBeState(file.key) && this.#takeState(file);
  }

  #takeCode({ key }: WorkspaceFile, content: FileContent | undefined): boolean {
    if (!content) return false;
    if (!content.bytes) {
      throw new UserError(message('The file has more than {0} MB and is not read.', maxCodeFile / megabyte));
    }
    if (this.#codeBytes + content.bytes.length > maxCodeBytes) {
      throw new UserError(message('Code of more than {0} MB together is not read.', maxCodeBytes / megabyte));
    }
    const code = readCode(decode(content.bytes), key);
    if (this.#blocks + blocksIn(code) > maxBlocks) {
      throw new UserError(message('Code of more than {0} blocks together is not read.', maxBlocks));
    }
    if (this.#imports + code.imports.length > maxImports) {
      throw new UserError(message('Code that imports more than {0} resources together is not read.', maxImports));
    }
    this.#code.set(key, code);
    this.#count(code, 1);
    this.#lengths.set(key, content.bytes.length);
    this.#codeBytes += content.bytes.length;
    return true;
  }

  #count(code: TerraformCode, times: 1 | -1): void {
    this.#blocks += times * blocksIn(code);
    this.#imports += times * code.imports.length;
  }

  async #takeState(file: WorkspaceFile): Promise<boolean> {
    const content = await this.#read(file, maxStateBytes - this.#stateBytes);
    if (!content) return false;
    if (!content.bytes) {
      throw new UserError(message('State files of more than {0} MB together are not read.', maxStateBytes / megabyte));
    }
    const known = [...this.#states.values()];
    const resources = known.reduce((sum, { instances }) => sum + instances.length, 0);
    const { length } = content.bytes;
    const state = await this.readState(content.bytes, resources);
    if (!state) return false;
    if ([...known, state].reduce((sum, { instances }) => sum + idsIn(instances), 0) > maxIds) {
      throw new UserError(message('State files of more than {0} ids together are not read.', maxIds));
    }
    const source = { file: file.key, modified: content.modified, serial: state.serial };
    this.#states.set(file.key, { source, instances: state.instances });
    this.#lengths.set(file.key, length);
    this.#stateBytes += length;
    return true;
  }

  /** Undefined where the file is gone, forbidden or of no interest. */
  async #read({ key, path }: WorkspaceFile, longest: number): Promise<FileContent | undefined> {
    // Of files that need not be a state the beginning tells.
    const isWanted = isCode(key) || key.endsWith('.tfstate') ? () => true : isPrinted;
    if (path !== undefined) return readLocal(path, longest, isWanted);
    const content = await this.reader.read(key, longest);
    return !content?.bytes || isWanted(content.bytes) ? content : undefined;
  }
}

function blocksIn({ blocks, moves }: TerraformCode): number {
  return blocks.length + moves.length;
}

function idsIn(instances: readonly Instance[]): number {
  return instances.reduce((sum, { mentions }) => sum + mentions.length, 0);
}

const headLength = 256;

/** Whether this is how what `terraform show -json` or `terraform state pull` prints begins, laid out or not. */
function isPrinted(bytes: Uint8Array): boolean {
  const head = decode(bytes.subarray(0, headLength));
  return /^\s*\{\s*"(?:format_version"\s*:|version"\s*:\s*\d+\s*,\s*"terraform_version"\s*:)/.test(head);
}

async function readLocal(
  path: string,
  longest: number,
  isWanted: (head: Uint8Array) => boolean,
): Promise<FileContent | undefined> {
  let file: FileHandle | undefined;
  try {
    // A pipe would be waited for, a device has no end.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) return undefined;
    const { size, mtimeMs: modified } = stat;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
    if (!isWanted(buffer.subarray(0, bytesRead))) return undefined;
    return { bytes: size > longest ? undefined : await file.readFile(), modified };
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

function mayBeState(key: string): boolean {
  return /\.(?:tfstate|json)$/.test(key);
}

function isCode(key: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(key);
}
