import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { UserError } from '../core/errors';
import { message, type Message } from '../core/message';
import { readCode, type TerraformCode } from '../core/terraformBlocks';
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
import { Links, type ReadState } from './links';
import { decode, readStateBytes, type StateReader } from './stateReader';

const megabyte = 1_048_576;
const maxStateBytes = 100 * megabyte;
const maxCodeBytes = 32 * megabyte;
const maxCodeFile = megabyte;

/** The index on this thread; the worker offers it to the extension. */
export class LocalIndex implements TerraformIndex {
  readonly #states = new Map<string, ReadState>();
  readonly #code = new Map<string, TerraformCode>();
  readonly #notes = new Map<string, Message>();
  /** Bytes of the files that were taken in. */
  readonly #lengths = new Map<string, number>();
  #links = new Links([], new Code(new Map()));

  constructor(
    private readonly reader: FileReader,
    private readonly readState: StateReader['readState'] = readStateBytes,
  ) {}

  async update(files: readonly WorkspaceFile[], signal: AbortSignal): Promise<boolean> {
    let changed = false;
    for (const file of files) {
      signal.throwIfAborted();
      const before = this.#forget(file.key);
      try {
        changed = (await this.#take(file)) || before || changed;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.#notes.set(file.key, error.text);
        changed = true;
      }
    }
    if (changed) this.#links = new Links([...this.#states.values(), ...readImports(this.#code)], new Code(this.#code));
    return changed;
  }

  /** Whether anything was known of the file, or of the files in it if it was a folder. */
  #forget(key: string): boolean {
    let known = false;
    for (const files of [this.#states, this.#code, this.#notes, this.#lengths]) {
      if (isCode(key) || mayBeState(key)) known = files.delete(key) || known;
      else for (const file of files.keys()) if (file.startsWith(`${key}/`)) known = files.delete(file) || known;
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
  async #take(file: WorkspaceFile): Promise<boolean> {
    if (isCode(file.key)) return this.#takeCode(file);
    return mayBeState(file.key) && this.#takeState(file);
  }

  async #takeCode(file: WorkspaceFile): Promise<boolean> {
    const left = maxCodeBytes - this.#taken(this.#code);
    const content = await this.#read(file, Math.min(maxCodeFile, left));
    if (!content) return false;
    if (!content.bytes) {
      throw new UserError(
        left < maxCodeFile
          ? message('Code of more than {0} MB together is not read.', maxCodeBytes / megabyte)
          : message('The file has more than {0} MB and is not read.', maxCodeFile / megabyte),
      );
    }
    this.#code.set(file.key, readCode(decode(content.bytes), file.key));
    this.#lengths.set(file.key, content.bytes.length);
    return true;
  }

  async #takeState(file: WorkspaceFile): Promise<boolean> {
    const content = await this.#read(file, maxStateBytes - this.#taken(this.#states));
    if (!content) return false;
    if (!content.bytes) {
      throw new UserError(message('State files of more than {0} MB together are not read.', maxStateBytes / megabyte));
    }
    let resources = 0;
    for (const { instances } of this.#states.values()) resources += instances.length;
    const { length } = content.bytes;
    const state = await this.readState(content.bytes, resources);
    if (!state) return false;
    const source = { file: file.key, modified: content.modified, serial: state.serial };
    this.#states.set(file.key, { source, instances: state.instances });
    this.#lengths.set(file.key, length);
    return true;
  }

  #taken(files: ReadonlyMap<string, unknown>): number {
    let bytes = 0;
    for (const file of files.keys()) bytes += this.#lengths.get(file) ?? 0;
    return bytes;
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
