import type { Spans } from './internSpans';
import type { JsonNode } from '../json/jsonTree';
import { diffSequences, type Budget } from './sequenceDiff';

/** Which elements of two lists are the same thing. */
interface ItemMatch {
  /** Index on the right -> index on the left. */
  readonly pairs: ReadonlyMap<number, number>;
  /** The left's elements in the right's order, those the right lacks behind their former neighbour; undefined where that is their order. */
  readonly order: readonly number[] | undefined;
}

/** The fields by which an element of a list is known again, best first. */
const identities = ['id', 'uuid', 'name', 'key'];

/** By id or name where all elements of both lists that are not equal in place have one of their own. */
export function matchByIdentity(
  a: readonly JsonNode[],
  b: readonly JsonNode[],
  texts: { readonly left: string; readonly right: string },
): ItemMatch | undefined {
  const pairs = new Map<number, number>();
  if (a.length === b.length) {
    a.forEach((node, index) => {
      if (write(texts.left, node) === write(texts.right, b[index] as JsonNode)) pairs.set(index, index);
    });
  }
  for (const field of identities) {
    const namesA = identify(texts.left, a, field, pairs);
    const namesB = namesA && identify(texts.right, b, field, pairs);
    if (!namesB) continue;
    for (const [name, index] of namesB) {
      const other = namesA.get(name);
      if (other !== undefined) pairs.set(index, other);
    }
    return { pairs, order: orderOf(a.length, pairs) };
  }
  return undefined;
}

/** By equality, in an order that both lists share; what lies between by place. */
export function matchByPlace(
  a: readonly JsonNode[],
  b: readonly JsonNode[],
  texts: { readonly left: string; readonly right: string },
  budget: Budget,
): ItemMatch {
  const pairs = new Map<number, number>();
  let [atA, atB] = [0, 0];
  for (const { fromA, toA, toB } of [
    ...diffSequences(toSpans(texts.left, a), toSpans(texts.right, b), budget),
    { fromA: a.length, toA: a.length, toB: b.length },
  ]) {
    while (atA < fromA) pairs.set(atB++, atA++);
    for (; atA < toA && atB < toB; atA++, atB++) pairs.set(atB, atA);
    [atA, atB] = [toA, toB];
  }
  return { pairs, order: undefined };
}

/** The elements by name, without those that have their partner already. */
function identify(
  text: string,
  items: readonly JsonNode[],
  field: string,
  paired: ReadonlyMap<number, number>,
): Map<string, number> | undefined {
  const names = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    if (paired.has(index)) continue;
    const node = item.fields?.get(field);
    if (!node || node.fields || node.items) return undefined;
    names.set(write(text, node), index);
  }
  return names.size === items.length - paired.size ? names : undefined;
}

function toSpans(text: string, items: readonly JsonNode[]): Spans {
  return { text, from: Int32Array.from(items, ({ from }) => from), to: Int32Array.from(items, ({ to }) => to) };
}

function write(text: string, { from, to }: JsonNode): string {
  return text.slice(from, to);
}

function orderOf(length: number, pairs: ReadonlyMap<number, number>): readonly number[] | undefined {
  const kept = [...pairs.keys()].sort((i, j) => i - j).map((index) => pairs.get(index) as number);
  if (kept.every((index, place) => place === 0 || index > (kept[place - 1] as number))) return undefined;
  const known = new Set(kept);
  /** The elements without a partner, by the element with one that they follow. */
  const followers = new Map<number, number[]>([[-1, []]]);
  let leader = -1;
  for (let index = 0; index < length; index++) {
    if (known.has(index)) followers.set((leader = index), []);
    else followers.get(leader)?.push(index);
  }
  return [-1, ...kept].flatMap((index) => [...(index < 0 ? [] : [index]), ...(followers.get(index) ?? [])]);
}
