import type { Block } from '../core/terraformBlocks';
import type { Declaration } from '../protocol/terraform';
import type { Address } from './address';

/** The Terraform code of the workspace, by directory: what a directory's files declare together is one module. */
export class Code {
  readonly #directories = new Map<string, Map<string, Declaration>>();

  constructor(files: ReadonlyMap<string, readonly Block[]>) {
    // What stands in an override file changes a block; the block itself is elsewhere.
    const inOrder = [...files].sort(([a], [b]) => Number(isOverride(a)) - Number(isOverride(b)));
    for (const [file, blocks] of inOrder) {
      const directory = directoryOf(file);
      const declared = this.#directories.get(directory) ?? new Map<string, Declaration>();
      this.#directories.set(directory, declared);
      for (const block of blocks) {
        const key = keyOf(block.kind, block.type, block.name);
        if (!declared.has(key)) declared.set(key, { file, block });
      }
    }
  }

  /**
   * The block that declares the resource, looked for from the code in `root` on through local modules, after the blocks that call these
   * modules. Where a module's code lies elsewhere (a registry, git), the blocks that call it are all there is.
   */
  find(
    address: Address,
    root: string,
  ): { readonly calls: readonly Declaration[]; readonly own: Declaration | undefined } {
    const calls: Declaration[] = [];
    let directory = root;
    for (const { name } of address.modules) {
      const call = this.#directories.get(directory)?.get(keyOf('module', '', name));
      if (!call) return { calls, own: undefined };
      calls.push(call);
      const { source } = call.block;
      if (source === undefined || !/^\.\.?(?:\/|$)/.test(source)) return { calls, own: undefined };
      directory = join(directory, source);
    }
    const { resource } = address;
    if (!resource) return { calls, own: undefined };
    const key = keyOf(resource.mode === 'data' ? 'data' : 'resource', resource.type, resource.name);
    return { calls, own: this.#directories.get(directory)?.get(key) };
  }

  /**
   * The directories whose code a state may be of: that of its file, or for `terraform.tfstate.d/<workspace>/` the one above. Where the
   * state lies apart from its code, those that declare most of what it knows.
   */
  rootsOf(stateFile: string, addresses: readonly Address[]): readonly string[] {
    const own = directoryOf(stateFile);
    const workspaces = /^(.*)\/terraform\.tfstate\.d\/[^/]+$/.exec(own);
    const near = workspaces ? [workspaces[1] as string, own] : [own];
    const tops = new Set(addresses.map(topKey));
    const best = this.#bestOf(near, tops).slice(0, 1);
    return best.length > 0 ? best : this.#bestOf([...this.#directories.keys()], tops);
  }

  #bestOf(directories: readonly string[], keys: ReadonlySet<string>): string[] {
    let most = 1;
    let best: string[] = [];
    for (const directory of directories) {
      const declared = this.#directories.get(directory);
      if (!declared) continue;
      let count = 0;
      for (const key of keys) if (declared.has(key)) count++;
      if (count > most) best = [];
      if (count < most) continue;
      most = count;
      best.push(directory);
    }
    return best;
  }
}

export function keyOf(kind: Block['kind'], type: string, name: string): string {
  return `${kind}.${type}.${name}`;
}

/** What the root declares of an address: the resource, or the first of the modules around it. */
function topKey({ modules: [first], resource }: Address): string {
  if (first) return keyOf('module', '', first.name);
  return resource ? keyOf(resource.mode === 'data' ? 'data' : 'resource', resource.type, resource.name) : '';
}

function isOverride(file: string): boolean {
  return /[/_]override\.(?:tf|tofu)(?:\.json)?$/.test(file);
}

function directoryOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}

function join(directory: string, relative: string): string {
  const parts = directory.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.length = Math.max(1, parts.length - 1);
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
