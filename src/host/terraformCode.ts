import type { Uri } from 'vscode';
import { findBlocks, type Block } from '../core/terraformBlocks';
import { declares, findDeclaration, rootsOf, type CodeFile } from '../core/terraformModules';
import type { StatePlace } from '../core/terraformState';
import { forEachFew, listFiles, textOf, type BoundedReader } from './workspaceFiles';

/** A block in a file of the workspace. */
export interface FoundBlock {
  readonly uri: Uri;
  readonly block: Block;
}

const pattern = '**/*.{tf,tofu,tf.json,tofu.json}';

/** The Terraform code of the workspace, each file read when it is first needed. */
export class TerraformCode {
  readonly #blocks = new Map<string, Promise<readonly Block[]>>();

  private constructor(
    private readonly files: readonly Uri[],
    /** Whether the workspace holds more files than were looked at. */
    readonly more: boolean,
    private readonly reader: BoundedReader,
  ) {}

  static async list(limit: number, reader: BoundedReader, signal: AbortSignal): Promise<TerraformCode> {
    const { files, more } = await listFiles(pattern, limit, signal);
    return new TerraformCode(files, more, reader);
  }

  /** The block that declares what the state `state` names: in the code beside it, else anywhere in the workspace. */
  async declaration(state: Uri, place: StatePlace, signal: AbortSignal): Promise<FoundBlock | undefined> {
    for (const root of rootsOf(state.path)) {
      const found = await findDeclaration(place, root, (directory) => this.#read(state.with({ path: directory })));
      if (found) return { uri: state.with({ path: found.path }), block: found.block };
    }
    let anywhere: FoundBlock | undefined;
    await forEachFew(
      this.files,
      async (uri) => {
        const block = (await this.#blocksOf(uri)).find((candidate) => declares(candidate, place));
        if (block) anywhere ??= { uri, block };
      },
      signal,
    );
    return anywhere;
  }

  #read(directory: Uri): Promise<readonly CodeFile[]> {
    const prefix = `${directory.toString()}/`;
    const here = this.files.filter((uri) => {
      const key = uri.toString();
      return key.startsWith(prefix) && !key.includes('/', prefix.length);
    });
    return Promise.all(here.map(async (uri) => ({ path: uri.path, blocks: await this.#blocksOf(uri) })));
  }

  #blocksOf(uri: Uri): Promise<readonly Block[]> {
    const key = uri.toString();
    let blocks = this.#blocks.get(key);
    if (!blocks) {
      blocks = this.reader.read(uri).then((bytes) => (bytes ? findBlocks(textOf(uri, bytes), uri.path) : []));
      this.#blocks.set(key, blocks);
    }
    return blocks;
  }
}
