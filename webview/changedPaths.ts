import { readJson, readString, type JsonNode } from './jsonTree';
import { diffSequences, type Budget } from './sequenceDiff';

/** One value that differs between two JSON texts. */
export interface ChangedPath {
  /** `resize.flavorRef`, `servers[3]["OS-DCF:diskConfig"]`; '' for the whole text. Indexes are the right side's where it has them. */
  readonly path: string;
  /** As written; undefined where that side has no such value. */
  readonly left: string | undefined;
  readonly right: string | undefined;
  /** Where to look: the value's place in its text. */
  readonly atLeft: number | undefined;
  readonly atRight: number | undefined;
}

/** The fields by which an element of a list is known again, best first. */
const identities = ['id', 'uuid', 'name', 'key'];

/**
 * What changed, value by value. Both texts must be indented alike and have their keys sorted: equal values are then
 * written alike. Elements of lists are matched by equality first, then by id or name, then by place.
 * Undefined where a side is not JSON.
 */
export function findChangedPaths(left: string, right: string, budget: Budget): ChangedPath[] | undefined {
  const a = readJson(left);
  const b = readJson(right);
  if (!a || !b) return undefined;
  const changes: ChangedPath[] = [];
  const write = (text: string, node: JsonNode): string => text.slice(node.from, node.to);

  const add = (path: string, nodeA: JsonNode | undefined, nodeB: JsonNode | undefined): void => {
    changes.push({
      path,
      left: nodeA && write(left, nodeA),
      right: nodeB && write(right, nodeB),
      atLeft: nodeA?.from,
      atRight: nodeB?.from,
    });
  };

  const compare = (path: string, nodeA: JsonNode, nodeB: JsonNode): void => {
    if (write(left, nodeA) === write(right, nodeB)) return;
    if (nodeA.fields && nodeB.fields) compareFields(path, nodeA.fields, nodeB.fields);
    else if (nodeA.items && nodeB.items) compareItems(path, nodeA.items, nodeB.items);
    else add(path, nodeA, nodeB);
  };

  const compareFields = (path: string, a: ReadonlyMap<string, JsonNode>, b: ReadonlyMap<string, JsonNode>): void => {
    for (const [key, node] of a) {
      const other = b.get(key);
      if (other) compare(joinPath(path, key), node, other);
      else add(joinPath(path, key), node, undefined);
    }
    for (const [key, node] of b) if (!a.has(key)) add(joinPath(path, key), undefined, node);
  };

  const compareItems = (path: string, a: readonly JsonNode[], b: readonly JsonNode[]): void => {
    const texts = (text: string, items: readonly JsonNode[]): string[] => items.map((item) => write(text, item));
    for (const hunk of diffSequences(texts(left, a), texts(right, b), budget)) {
      const removed = a.slice(hunk.fromA, hunk.toA);
      const added = b.slice(hunk.fromB, hunk.toB);
      const pairs = pairItems(left, removed, right, added);
      removed.forEach((node, index) => {
        if (!pairs.has(index)) add(`${path}[${hunk.fromA + index}]`, node, undefined);
      });
      const paired = new Map([...pairs].map(([indexA, indexB]) => [indexB, removed[indexA]]));
      added.forEach((node, index) => {
        const partner = paired.get(index);
        const place = `${path}[${hunk.fromB + index}]`;
        if (partner) compare(place, partner, node);
        else add(place, undefined, node);
      });
    }
  };

  compare('', a, b);
  return changes;
}

/** Which elements of two stretches are the same thing: by id or name where all have one, else by place. */
function pairItems(
  left: string,
  a: readonly JsonNode[],
  right: string,
  b: readonly JsonNode[],
): ReadonlyMap<number, number> {
  for (const field of identities) {
    const namesA = identify(left, a, field);
    const namesB = identify(right, b, field);
    if (!namesA || !namesB) continue;
    const pairs = new Map<number, number>();
    for (const [name, index] of namesA) {
      const other = namesB.get(name);
      if (other !== undefined) pairs.set(index, other);
    }
    return pairs;
  }
  return new Map(Array.from({ length: Math.min(a.length, b.length) }, (_, index) => [index, index]));
}

function identify(text: string, items: readonly JsonNode[], field: string): Map<string, number> | undefined {
  const names = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const node = item.fields?.get(field);
    if (node?.type !== 'value') return undefined;
    names.set(text.slice(node.from, node.to), index);
  }
  return names.size === items.length ? names : undefined;
}

function joinPath(path: string, key: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

const longestValue = 120;

/** A value on one line, for a list of changes: a string between strings without its quotes, long ones cut with "…". */
export function showValue(raw: string, other: string | undefined): string {
  const isText = raw.length > 2 && raw.startsWith('"') && other?.startsWith('"') === true;
  const shown = isText ? readString(raw) : raw.replace(/\n\s*/g, ' ');
  return shown.length > longestValue ? `${shown.slice(0, longestValue - 1).replace(/[\ud800-\udbff]$/, '')}…` : shown;
}
