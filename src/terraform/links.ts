import type {
  Declaration,
  DeclaredResources,
  KnownId,
  Naming,
  StateResource,
  StateSource,
} from '../protocol/terraform';
import { parseAddress } from './address';
import { keyOf, type Code, type Found } from './code';
import { isServiceId, normalId } from './ids';
import type { Instance } from './instance';

/** A state, and where it comes from. */
export interface ReadState {
  readonly source: StateSource;
  readonly instances: readonly Instance[];
}

interface Place {
  readonly naming: Naming;
  readonly attribute: string;
  readonly resource: StateResource;
}

interface Declared extends DeclaredResources {
  readonly resources: StateResource[];
}

const rank: Readonly<Record<Naming, number>> = { id: 0, part: 1, attribute: 2 };

/** Of resources by the thousand that mention an id, the first will do. */
const maxMentions = 20;

/** What states and code say together. */
export class Links {
  readonly resources: StateResource[] = [];
  readonly #places = new Map<string, Place[]>();
  readonly #declarations = new Map<StateResource, readonly Declaration[]>();
  readonly #files = new Map<string, Map<string, Declared>>();

  constructor(states: readonly ReadState[], code: Code) {
    const seen = new Set<string>();
    // Of several records of the same resource the newest counts.
    const inOrder = [...states].sort((a, b) => (b.source.modified ?? 0) - (a.source.modified ?? 0));
    for (const { source, instances } of inOrder) {
      const addresses = instances.map(({ resource }) => parseAddress(resource.address));
      const roots = code.rootsOf(
        source.file,
        addresses.filter((address) => address !== undefined),
      );
      for (const [index, instance] of instances.entries()) {
        const place = `${instance.resource.address} ${roots.join(' ') || source.file}`;
        const key = `${place} ${instance.ownId}`;
        // What imports say counts until a state knows the resource, perhaps under an id of another form.
        if (seen.has(source.modified === undefined ? place : key)) continue;
        seen.add(place).add(key);
        const resource = { ...instance.resource, source };
        this.resources.push(resource);
        this.#name(resource, instance);
        const address = addresses[index];
        const found = address && roots.map((root) => code.find(address, root));
        if (found) this.#declare(resource, found);
      }
    }
  }

  /** Best first: own ids before parts before mentions, resources before data sources. */
  find(id: string): readonly KnownId[] {
    const places = this.#places.get(normalId(id)) ?? [];
    return places
      .map((place) => ({ ...place, declarations: this.#declarations.get(place.resource) ?? [] }))
      .sort(
        (a, b) =>
          rank[a.naming] - rank[b.naming] ||
          Number(a.resource.mode === 'data') - Number(b.resource.mode === 'data') ||
          Number(a.resource.status === 'deposed') - Number(b.resource.status === 'deposed') ||
          Number(b.declarations.length > 0) - Number(a.declarations.length > 0),
      );
  }

  declaredIn(file: string): readonly DeclaredResources[] {
    return [...(this.#files.get(file)?.values() ?? [])];
  }

  #name(resource: StateResource, { ownId, mentions }: Instance): void {
    const own = normalId(ownId);
    this.#place(own, { naming: 'id', attribute: 'id', resource });
    for (const id of resource.ids)
      if (id !== own && isServiceId(id)) this.#place(id, { naming: 'part', attribute: 'id', resource });
    for (const { id, attribute } of mentions) this.#place(id, { naming: 'attribute', attribute, resource });
  }

  #place(id: string, place: Place): void {
    const places = this.#places.get(id);
    if (id === '') return;
    if (!places) this.#places.set(id, [place]);
    else if (place.naming !== 'attribute' || places.length < maxMentions) places.push(place);
  }

  #declare(resource: StateResource, found: readonly Found[]): void {
    const declarations = found
      .map(({ calls, own }) => own ?? calls.at(-1))
      .filter((declaration) => declaration !== undefined);
    if (declarations.length > 0) this.#declarations.set(resource, declarations);
    for (const { calls, own } of found)
      for (const declaration of own ? [...calls, own] : calls) this.#declared(declaration).push(resource);
  }

  #declared({ file, block: { kind, type, name } }: Declaration): StateResource[] {
    const inFile = this.#files.get(file) ?? new Map<string, Declared>();
    this.#files.set(file, inFile);
    const key = keyOf(kind, type, name);
    const declared = inFile.get(key) ?? { kind, type, name, resources: [] };
    inFile.set(key, declared);
    return declared.resources;
  }
}
