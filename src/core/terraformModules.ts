import type { StatePlace } from './terraformState';
import type { Block } from './terraformBlocks';

/** The blocks of one file of Terraform code. */
export interface CodeFile {
  readonly path: string;
  readonly blocks: readonly Block[];
}

/** A block and the file that holds it. */
export interface Declaration {
  readonly path: string;
  readonly block: Block;
}

/** `module.db["a.b"].module.disk[0]` -> `['db', 'disk']` */
export function moduleNames(address: string): string[] {
  const step = /(?:^|\.)module\.([^.[\]]+)(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?/y;
  return [...address.matchAll(new RegExp(step, 'gy'))].map((found) => found[1] ?? '');
}

/** The directories whose code a state file may belong to: its own, or for `terraform.tfstate.d/<workspace>/` the one above. */
export function rootsOf(statePath: string): string[] {
  const own = statePath.slice(0, statePath.lastIndexOf('/'));
  const workspaces = /^(.*)\/terraform\.tfstate\.d\/[^/]+$/.exec(own);
  return workspaces ? [workspaces[1] ?? '', own] : [own];
}

/**
 * The block that declares what a state names, looked for from the code in `root` on through local modules. Where a module's code lies
 * elsewhere (a registry, git), the block that calls it. `read` gives the files of a directory; paths are absolute, with slashes.
 */
export async function findDeclaration(
  place: Pick<StatePlace, 'mode' | 'module' | 'type' | 'name'>,
  root: string,
  read: (directory: string) => Promise<readonly CodeFile[]>,
): Promise<Declaration | undefined> {
  let directory = root;
  let call: Declaration | undefined;
  for (const name of moduleNames(place.module)) {
    const found = pick(await read(directory), (block) => block.kind === 'module' && block.name === name);
    if (!found) return call;
    call = found;
    const { source } = found.block;
    if (source === undefined || !/^\.\.?(?:\/|$)/.test(source)) return call;
    directory = join(directory, source);
  }
  return pick(await read(directory), (block) => declares(block, place)) ?? call;
}

/** Whether the block is of that resource's kind, type and name. */
export function declares(block: Block, { mode, type, name }: Pick<StatePlace, 'mode' | 'type' | 'name'>): boolean {
  return block.kind === (mode === 'data' ? 'data' : 'resource') && block.type === type && block.name === name;
}

function pick(files: readonly CodeFile[], wanted: (block: Block) => boolean): Declaration | undefined {
  for (const { path, blocks } of files) {
    const block = blocks.find(wanted);
    if (block) return { path, block };
  }
  return undefined;
}

function join(directory: string, relative: string): string {
  const parts = directory.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.length = Math.max(1, parts.length - 1);
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
