import { EventEmitter, workspace, type TextDocument, type Uri } from 'vscode';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { message, type Message } from '../../core/base/message';
import { race } from '../../core/base/race';
import { findBlocks, type Block } from '../../terraform/syntax/terraformBlocks';
import type { Remote } from '../../protocol/rpc';
import type {
  DeclaredResources,
  KnownId,
  StateResource,
  TerraformIndex,
  WorkspaceFile,
} from '../../protocol/terraform';
import { RunningIndex, type OpenIndex } from './runningIndex';
import { fileOf, isExcluded, keyOf, uriOf } from './workspaceFiles';

/** A block as the document has it now, and the resources that it declares as states of the workspace know them. */
interface DocumentBlock {
  readonly block: Block;
  readonly resources: readonly StateResource[];
}

/** What may be a state or code; anything else that comes or goes may be a folder of such. */
const fileName = /\.(?:tf|tofu|tfstate|json)$/;
/** Tools write several files one after the other. */
const calmMs = 300;
/** Longer documents, in UTF-16 units, have no blocks for us: reading them would hold up the editor. */
const maxDocument = 1_048_576;

/**
 * What Terraform states and code of the workspace tell of resources. Begins to read with the first question and stays up to date from
 * then on. Knows nothing where the workspace is not trusted.
 */
export class CodeIndex extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  /** Something else is known now, or may be with the next question. */
  readonly onDidChange = this.#changed.event;
  readonly #stale = new Map<string, WorkspaceFile>();
  readonly #newFolders = new Set<Uri>();
  #running: RunningIndex | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watching = false;

  constructor(
    private readonly open: OpenIndex,
    private readonly log: Log,
  ) {
    super();
    this.own({ dispose: () => this.#stop() });
    const restart = (): void => {
      this.#stop();
      this.#changed.fire();
    };
    this.own(workspace.onDidChangeWorkspaceFolders(restart));
    this.own(workspace.onDidGrantWorkspaceTrust(restart));
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
    const declared = await this.declared(document.uri, signal);
    const resources = new Map(declared.map((block) => [nameOf(block), block.resources]));
    return blocksIn(document).map((block) => ({ block, resources: resources.get(nameOf(block)) ?? [] }));
  }

  /** The blocks of a file as it is stored whose resources a state knows. */
  declared(uri: Uri, signal: AbortSignal): Promise<readonly DeclaredResources[]> {
    return this.#ask((index) => index.declaredIn(keyOf(uri)), [], signal);
  }

  /** All resources that states of the workspace know. */
  resources(signal: AbortSignal): Promise<readonly StateResource[]> {
    return this.#ask((index) => index.resources(), [], signal);
  }

  /** What was left out and why. */
  async notes(signal: AbortSignal): Promise<readonly Message[]> {
    const notes = await this.#ask((index) => index.notes(), [], signal);
    const ofFiles = notes.map(({ file, text }) => message('{0}: {1}', workspace.asRelativePath(uriOf(file)), text));
    return [...(this.#running?.notes ?? []), ...ofFiles];
  }

  async #ask<T>(question: (index: Remote<TerraformIndex>) => Promise<T>, nothing: T, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.disposed || this.unavailable()) return nothing;
    const running = this.#start();
    await race(running.work, signal);
    if (running !== this.#running) return this.#ask(question, nothing, signal);
    return running.failed ? nothing : race(question(running.index), signal);
  }

  #start(): RunningIndex {
    this.#watch();
    if (!this.#running) {
      this.#running = new RunningIndex(this.open, this.log);
      this.#take(this.#running, this.#running.listFiles());
    }
    return this.#running;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stale.clear();
    this.#newFolders.clear();
    this.#running?.dispose();
    this.#running = undefined;
  }

  #take(running: RunningIndex, files: Promise<readonly WorkspaceFile[]>): void {
    void running.take(files).then((changed) => {
      if (changed && running === this.#running) this.#changed.fire();
    });
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    const watcher = this.own(workspace.createFileSystemWatcher('**'));
    this.own(watcher.onDidChange((uri) => fileName.test(uri.path) && this.#refresh(uri)));
    this.own(watcher.onDidDelete((uri) => this.#refresh(uri)));
    this.own(watcher.onDidCreate((uri) => this.#refresh(uri, !fileName.test(uri.path))));
  }

  #refresh(uri: Uri, isFolder = false): void {
    if (!this.#running || isExcluded(uri)) return;
    if (isFolder) this.#newFolders.add(uri);
    else this.#stale.set(keyOf(uri), fileOf(uri));
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const [files, folders] = [[...this.#stale.values()], [...this.#newFolders]];
      this.#stale.clear();
      this.#newFolders.clear();
      // What broke the index may be gone.
      if (this.#running?.failed) this.#stop();
      const running = this.#start();
      this.#take(
        running,
        running.listFolders(folders).then((others) => [...files, ...others]),
      );
    }, calmMs);
  }
}

/** The blocks of a document as it is now. */
export function blocksIn(document: TextDocument): readonly Block[] {
  const text = document.getText();
  return text.length > maxDocument ? [] : findBlocks(text, document.uri.path);
}

function nameOf({ kind, type, name }: Pick<Block, 'kind' | 'type' | 'name'>): string {
  return `${kind} ${type} ${name}`;
}
