import { EventEmitter, Uri, workspace, type TextDocument } from 'vscode';
import { isCancelled } from '../core/errors';
import { disposeAll, Owner, type Disposable } from '../core/lifecycle';
import type { Log } from '../core/log';
import { message, type Message } from '../core/message';
import { findBlocks, type Block } from '../core/terraformBlocks';
import type { Remote } from '../protocol/rpc';
import type {
  FileContent,
  FileReader,
  KnownId,
  StateResource,
  TerraformIndex,
  WorkspaceFile,
} from '../protocol/terraform';
import { isExcluded, listFiles } from './workspaceFiles';

/** A block as the document has it now, and the resources that it declares as states of the workspace know them. */
export interface DocumentBlock {
  readonly block: Block;
  readonly resources: readonly StateResource[];
}

/** Starts an empty index. */
export type OpenIndex = (reader: FileReader) => Disposable & { readonly index: Remote<TerraformIndex> };

const patterns = ['**/*.{tf,tofu,tfstate}', '**/*.json'];
const maxFiles = 10_000;
/** Tools write several files one after the other. */
const calm = 300;
/** Longer documents have no blocks for us. */
const longestDocument = 2 * 1_048_576;

/**
 * What Terraform states and code of the workspace tell of resources. Begins to read with the first question and stays up to date from
 * then on. Knows nothing where the workspace is not trusted.
 */
export class CodeIndex extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  /** What is known has changed. Does not fire before the first question. */
  readonly onDidChange = this.#changed.event;
  readonly #stale = new Map<string, WorkspaceFile>();
  #running: Running | undefined;
  #watching = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly open: OpenIndex,
    private readonly log: Log,
  ) {
    super();
    this.own({ dispose: () => this.#stop() });
  }

  /** Why nothing is known; undefined where the workspace can be read. */
  unavailable(): Message | undefined {
    if (!workspace.isTrusted) {
      return message(
        'This folder is open in restricted mode, so its files are not read. Run "Workspaces: Manage Workspace Trust" to trust it.',
      );
    }
    if (workspace.workspaceFolders?.length) return undefined;
    return message('No folder is open. Open the folder with your Terraform code first.');
  }

  /** Settles when all that is there now is indexed. @throws an AbortError when cancelled */
  async ready(signal: AbortSignal): Promise<void> {
    await this.#ask(async () => undefined, undefined, signal);
  }

  /** What is known under each id, best first; ids that are not known are left out. */
  async find(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly KnownId[]>> {
    return new Map(await this.#ask((index) => index.find(ids), [], signal));
  }

  /** The resource, data and module blocks of a document as it is now, typed text included. */
  async blocks(document: TextDocument, signal: AbortSignal): Promise<readonly DocumentBlock[]> {
    const declared = await this.#ask((index) => index.declaredIn(keyOf(document.uri)), [], signal);
    const text = document.getText();
    if (text.length > longestDocument) return [];
    return findBlocks(text, document.uri.path).map((block) => ({
      block,
      resources:
        declared.find(({ kind, type, name }) => kind === block.kind && type === block.type && name === block.name)
          ?.resources ?? [],
    }));
  }

  /** All resources that states of the workspace know. */
  resources(signal: AbortSignal): Promise<readonly StateResource[]> {
    return this.#ask((index) => index.resources(), [], signal);
  }

  /** What was left out and why. */
  async notes(signal: AbortSignal): Promise<readonly Message[]> {
    const notes = await this.#ask((index) => index.notes(), [], signal);
    const own = this.#running ? [...this.#running.notes] : [];
    return [
      ...own,
      ...notes.map(({ file, text }) =>
        file === undefined ? text : message('{0}: {1}', workspace.asRelativePath(uriOf(file)), text),
      ),
    ];
  }

  async #ask<T>(question: (index: Remote<TerraformIndex>) => Promise<T>, nothing: T, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.disposed || this.unavailable()) return nothing;
    const running = this.#start();
    await unlessAborted(running.work, signal);
    if (running.failed) return nothing;
    return unlessAborted(question(running.opened.index), signal);
  }

  #start(): Running {
    this.#watch();
    if (this.#running) return this.#running;
    const running = new Running(this.open({ read }), this.log);
    this.#running = running;
    running.take(listAll(running));
    void running.work.then(() => this.#changed.fire());
    return running;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#stale.clear();
    this.#running?.dispose();
    this.#running = undefined;
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    const restart = (): void => {
      this.#stop();
      this.#changed.fire();
    };
    this.own(workspace.onDidChangeWorkspaceFolders(restart));
    for (const pattern of patterns) {
      const watcher = this.own(workspace.createFileSystemWatcher(pattern));
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
        this.own(event((uri) => this.#refresh(uri)));
      }
    }
  }

  #refresh(uri: Uri): void {
    if (isExcluded(uri) || !this.#running) return;
    this.#stale.set(keyOf(uri), fileOf(uri));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const files = [...this.#stale.values()];
      this.#stale.clear();
      if (this.#running?.failed) this.#stop();
      const running = this.#start();
      running.take(Promise.resolve(files));
      void running.work.then(() => this.#changed.fire());
    }, calm);
  }
}

/** An index at work. */
class Running implements Disposable {
  readonly #ending = new AbortController();
  readonly notes = new Set<Message>();
  /** The updates so far; never rejects. */
  work: Promise<void> = Promise.resolve();
  failed = false;

  constructor(
    readonly opened: ReturnType<OpenIndex>,
    private readonly log: Log,
  ) {}

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  take(files: Promise<readonly WorkspaceFile[]>): void {
    const before = this.work;
    this.work = Promise.all([files, before])
      .then(([list]) => this.opened.index.update(list, this.signal))
      .catch((error: unknown) => {
        if (isCancelled(error) || this.signal.aborted) return;
        this.failed = true;
        this.log.error('The Terraform files cannot be indexed', error);
      });
  }

  dispose(): void {
    this.#ending.abort();
    disposeAll([this.opened]);
  }
}

async function listAll(running: Running): Promise<readonly WorkspaceFile[]> {
  const all: WorkspaceFile[] = [];
  for (const pattern of patterns) {
    const { files, more } = await listFiles(pattern, maxFiles - all.length, running.signal);
    all.push(...files.map(fileOf));
    if (more) running.notes.add(message('Only the first {0} files were searched.', maxFiles));
    if (more) break;
  }
  return all;
}

async function read(key: string, longest: number): Promise<FileContent | undefined> {
  const uri = uriOf(key);
  try {
    const { size, mtime: modified } = await workspace.fs.stat(uri);
    return { bytes: size > longest ? undefined : await workspace.fs.readFile(uri), modified };
  } catch {
    return undefined;
  }
}

function fileOf(uri: Uri): WorkspaceFile {
  return { key: keyOf(uri), path: uri.scheme === 'file' ? uri.fsPath : undefined };
}

/** What the index calls a file. */
export function keyOf({ scheme, authority, path }: Uri): string {
  return `${scheme}://${authority}${path}`;
}

/** The file that the index calls `key`. */
export function uriOf(key: string): Uri {
  const [, scheme = '', authority = '', path = ''] = /^([^:]*):\/\/([^/]*)(.*)$/s.exec(key) ?? [];
  return Uri.from({ scheme, authority, path });
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
