import type { Json } from '../core/json/json';
import type { StateResource } from '../protocol/terraform';
import { readAttributes, type Mention } from './readAttributes';

/** A resource instance of a state, with all ids that it names. */
export interface Instance {
  readonly resource: Omit<StateResource, 'source'>;
  /** The id as the state has it. */
  readonly ownId: string;
  readonly mentions: readonly Mention[];
}

/** What a state tells of an instance, as it stands there. */
export interface FoundInstance {
  readonly module: string;
  readonly mode: unknown;
  readonly type: string;
  readonly name: string;
  readonly key: unknown;
  readonly status: unknown;
  readonly attributes: Json | undefined;
  /** Attributes that are not to be looked at. */
  readonly secret: readonly string[];
  readonly line: number;
}

/** A longer one is no person's work. */
const maxAddress = 2000;

/** Keeps ids, names and the address of an instance; undefined where it has none. `keep` is that of {@link readAttributes}. */
export function makeInstance(found: FoundInstance, keep: (text: string) => string): Instance | undefined {
  const { module, type, name, key, line } = found;
  const mode = found.mode === 'data' ? 'data' : 'managed';
  const status = found.status === 'tainted' || found.status === 'deposed' ? found.status : undefined;
  const index = typeof key === 'string' || typeof key === 'number' ? `[${JSON.stringify(key)}]` : '';
  const address = `${module === '' ? '' : `${module}.`}${mode === 'data' ? 'data.' : ''}${type}.${name}${index}`;
  if (type === '' || name === '' || address.length > maxAddress) return undefined;
  const { ownId, ids, mentions } = readAttributes(found.attributes, new Set(found.secret), keep);
  return { resource: { address, mode, module, type, name, status, ids, line }, ownId, mentions };
}

/** Gives each text once, as a copy: a part of a text holds the whole of it in memory. */
export function keptTexts(): (text: string) => string {
  const kept = new Map<string, string>();
  return (text) => {
    let copy = kept.get(text);
    if (copy === undefined) {
      copy = Buffer.from(text).toString();
      kept.set(copy, copy);
    }
    return copy;
  };
}
