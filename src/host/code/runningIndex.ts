import { FileType, workspace, type Uri } from 'vscode';
import { UserError } from '../../core/base/errors';
import type { Disposable } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { message, type Message } from '../../core/base/message';
import type { Remote } from '../../protocol/rpc';
import type { FileContent, FileReader, TerraformIndex, WorkspaceFile } from '../../protocol/terraform';
import { fileOf, filesIn, forEachFew, keyOf, listFiles, uriOf, type FilePattern } from './workspaceFiles';

/** Starts an empty index. */
export type OpenIndex = (reader: FileReader) => Disposable & { readonly index: Remote<TerraformIndex> };

/** Of other JSON only saved output of `terraform show -json` is of use, so there the bound on files may be met first. */
const patterns: readonly FilePattern[] = [
  { glob: '**/*.{tf,tofu,tfstate,tf.json,tofu.json}', name: /\.(?:tf|tofu|tfstate|tf\.json|tofu\.json)$/ },
  { glob: '**/*.json', name: /\.json$/ },
];
const maxFiles = 10_000;

/** An index at work. */
export class RunningIndex implements Disposable {
  readonly #ending = new AbortController();
  readonly notes: Message[] = [];
  /** All updates so far; never rejects. */
  work: Promise<unknown> = Promise.resolve();
  failed = false;

  readonly #opened: ReturnType<OpenIndex>;

  constructor(
    open: OpenIndex,
    private readonly log: Log,
  ) {
    this.#opened = open({ read });
  }

  get index(): Remote<TerraformIndex> {
    return this.#opened.index;
  }

  /** Whether these files changed what is known. */
  take(files: Promise<readonly WorkspaceFile[]>): Promise<boolean> {
    const taken = Promise.all([files, this.work])
      .then(([list]) => this.#opened.index.update(list, this.#ending.signal))
      .catch((error: unknown) => {
        if (this.#ending.signal.aborted) return false;
        this.failed = true;
        this.notes.push(
          error instanceof UserError ? error.text : message('The files of this workspace cannot be indexed.'),
        );
        this.log.error('The Terraform files of the workspace cannot be indexed', error);
        return true;
      });
    this.work = taken;
    return taken;
  }

  /** All files of the workspace that may be of use. */
  async listFiles(): Promise<readonly WorkspaceFile[]> {
    const all = new Map<string, WorkspaceFile>();
    for (const pattern of patterns) {
      const { files, more } = await listFiles(pattern, maxFiles - all.size, this.#ending.signal);
      for (const uri of files) all.set(keyOf(uri), fileOf(uri));
      if (!more) continue;
      this.notes.push(message('Only the first {0} files were searched.', maxFiles));
      break;
    }
    return [...all.values()];
  }

  /** The same of folders that are new; of what is no folder, none. */
  async listFolders(uris: readonly Uri[]): Promise<readonly WorkspaceFile[]> {
    const all: WorkspaceFile[] = [];
    const list = async (uri: Uri): Promise<void> => {
      if (!(await isFolder(uri))) return;
      for (const pattern of patterns) {
        const { files } = await filesIn(uri, pattern, maxFiles, this.#ending.signal);
        all.push(...files.map(fileOf));
      }
    };
    await forEachFew(uris, list, this.#ending.signal);
    return all;
  }

  dispose(): void {
    this.#ending.abort();
    this.#opened.dispose();
  }
}

async function isFolder(uri: Uri): Promise<boolean> {
  const found = await Promise.resolve(workspace.fs.stat(uri)).catch(() => undefined);
  return found !== undefined && (found.type & FileType.Directory) !== 0;
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
