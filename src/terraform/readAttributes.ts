import type { Json } from '../core/json/json';
import { idsIn, partsOf } from './ids';

/** An id in another attribute than `id`. */
export interface Mention {
  readonly id: string;
  /** Where within the attributes: `network[0].port`. */
  readonly attribute: string;
}

interface Node {
  readonly value: Json;
  /** The nearest name: that of the list for what is in a list. */
  readonly name: string;
  readonly step: string;
  readonly parent: Node | undefined;
}

/** More ids than this in one resource are a listing, not relations. */
const maxMentions = 100;

/**
 * The ids that a resource's attributes name. What stands under a name in `secret` is not looked at. `keep` gives texts that do not hold
 * on to the larger ones they were cut from.
 */
export function readAttributes(
  attributes: Json | undefined,
  secret: ReadonlySet<string>,
  keep: (text: string) => string,
): { readonly ownId: string; readonly ids: readonly string[]; readonly mentions: readonly Mention[] } {
  const own = isObject(attributes) && !secret.has('id') ? attributes['id'] : undefined;
  const ownId = keep(typeof own === 'string' ? own : '');
  const mentions = new Map<string, Mention>();
  // A stack of its own: a hostile state nests deeper than calls may.
  const open: Node[] = [{ value: attributes ?? null, name: '', step: '', parent: undefined }];
  for (let node; (node = open.pop()) && mentions.size < maxMentions;) {
    const { value, name, parent } = node;
    if (typeof value === 'string') {
      for (const found of idsIn(name, value)) {
        const id = keep(found);
        if (!mentions.has(id)) mentions.set(id, { id, attribute: keep(pathOf(node)) });
      }
    } else if (Array.isArray(value)) {
      for (let index = value.length - 1; index >= 0; index--) {
        open.push({ value: (value as Json[])[index] ?? null, name, step: `[${index}]`, parent: node });
      }
    } else if (isObject(value)) {
      const names = Object.keys(value);
      for (let index = names.length - 1; index >= 0; index--) {
        const key = names[index] as string;
        if (parent === undefined && secret.has(key)) continue;
        open.push({ value: value[key] ?? null, name: key, step: `.${key}`, parent: node });
      }
    }
  }
  const ids = partsOf(ownId).map(keep);
  for (const id of ids) mentions.delete(id);
  return { ownId, ids, mentions: [...mentions.values()] };
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathOf(node: Node): string {
  let path = '';
  for (let at: Node | undefined = node; at; at = at.parent) path = at.step + path;
  return path.slice(1);
}
