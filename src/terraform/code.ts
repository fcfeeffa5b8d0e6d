import type { Block, TerraformCode } from './syntax/terraformBlocks';
import type { Declaration } from '../protocol/terraform';
import { parseAddress, type Address, type ModuleStep, type ResourcePart } from './address';

/** A `moved` block, taken apart. */
interface Move {
  readonly from: Address;
  readonly to: Address;
}

/** What the files of a directory declare together: one module. */
interface Directory {
  readonly declared: Map<string, Declaration>;
  readonly moves: Move[];
}

/** The blocks that call the modules around a resource, outermost first, and the one that declares it. */
export interface Found {
  readonly calls: readonly Declaration[];
  readonly own: Declaration | undefined;
}

/** More moves than these lead in a circle. */
const maxMoves = 20;

/** The Terraform code of the workspace, by directory. */
export class Code {
  readonly #directories = new Map<string, Directory>();

  constructor(files: ReadonlyMap<string, TerraformCode>) {
    // What stands in an override file changes a block; the block itself is elsewhere.
    const inOrder = [...files].sort(([a], [b]) => Number(isOverride(a)) - Number(isOverride(b)));
    for (const [file, { blocks, moves }] of inOrder) {
      const path = directoryOf(file);
      const directory = this.#directories.get(path) ?? { declared: new Map<string, Declaration>(), moves: [] };
      this.#directories.set(path, directory);
      for (const block of blocks) {
        const key = keyOf(block.kind, block.type, block.name);
        if (!directory.declared.has(key)) directory.declared.set(key, { file, block });
      }
      for (const move of moves) {
        const [from, to] = [parseAddress(move.from), parseAddress(move.to)];
        if (from && to) directory.moves.push({ from, to });
      }
    }
  }

  /**
   * Looks for a resource from the code in `root` on through local modules, under its new address where `moved` blocks give it one that
   * the state does not have yet. Where a module's code lies elsewhere (a registry, git), the blocks that call it are all there is.
   */
  find(address: Address, root: string): Found {
    const calls: Declaration[] = [];
    let path = root;
    let rest = address;
    for (let moves = 0; ;) {
      const directory = this.#directories.get(path);
      const found = directory?.declared.get(topKey(rest));
      const moved = found ? undefined : directory && moveOn(rest, directory.moves);
      if (moved && moves++ < maxMoves) {
        rest = moved;
        continue;
      }
      const [, ...modules] = rest.modules;
      if (rest.modules.length === 0 || !found) return { calls, own: rest.modules.length === 0 ? found : undefined };
      calls.push(found);
      const { source } = found.block;
      if (source === undefined || !/^\.\.?(?:\/|$)/.test(source)) return { calls, own: undefined };
      path = join(path, source);
      rest = { modules, resource: rest.resource };
    }
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
      const declared = this.#directories.get(directory)?.declared;
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

/** What the outermost module declares of an address: the resource, or the first of the modules around it. */
function topKey({ modules: [first], resource }: Address): string {
  if (first) return keyOf('module', '', first.name);
  return resource ? keyOf(resource.mode === 'data' ? 'data' : 'resource', resource.type, resource.name) : '';
}

/** The address after the first of the moves that is about it. */
function moveOn({ modules, resource }: Address, moves: readonly Move[]): Address | undefined {
  for (const { from, to } of moves) {
    const begins = from.modules.every((step, index) => isSame(step, modules[index]));
    const rest = modules.slice(from.modules.length);
    if (!begins || (from.resource && (rest.length > 0 || !isSameResource(from.resource, resource)))) continue;
    // A move of all instances keeps their keys.
    return { modules: [...to.modules, ...rest], resource: to.resource ?? resource };
  }
  return undefined;
}

/** Without a key, all instances are meant. */
function isSame(wanted: ModuleStep, step: ModuleStep | undefined): boolean {
  return wanted.name === step?.name && (wanted.key === undefined || wanted.key === step.key);
}

function isSameResource(wanted: ResourcePart, resource: ResourcePart | undefined): boolean {
  return wanted.type === resource?.type && wanted.mode === resource.mode && isSame(wanted, resource);
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
