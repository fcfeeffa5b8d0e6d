import { readJson, readString, type JsonNode } from '../json/jsonTree';
import { matchByIdentity, matchByPlace } from './matchItems';
import type { Budget } from './sequenceDiff';

/** One difference between two JSON texts. */
export interface ChangedPath {
  /** `order`: the elements of a list changed places. */
  readonly kind: 'changed' | 'added' | 'removed' | 'order';
  /** `resize.flavorRef`, `servers[3]["OS-DCF:diskConfig"]`, `metadata › users[0]` (in a string); '' for the whole text. */
  readonly path: string;
  /**
   * The keys and indexes of the path: the right side's, but for the last one of what was removed.
   * A repeated key is `key #2`, as in {@link JsonNode.fields}.
   */
  readonly steps: readonly (string | number)[];
  /** The values; undefined where that side has none. */
  readonly left: JsonNode | undefined;
  readonly right: JsonNode | undefined;
  /** For `order`: the left's elements in the right's order, those the right lacks among them. */
  readonly order?: readonly number[];
}

interface ChangedPaths {
  readonly changes: readonly ChangedPath[];
  /** The order to bring the elements of a list of the left into, for each list where it is another than the right's. */
  readonly orders: ReadonlyMap<JsonNode, readonly number[]>;
  readonly a: JsonNode;
}

/**
 * What changed, value by value. Both texts must be laid out alike with their keys sorted: equal values are then written
 * alike.
 * @param match whether elements of lists are matched by id or name where they have one, wherever they stand
 */
export function findChangedPaths(left: string, right: string, match: boolean, budget: Budget): ChangedPaths {
  const a = readJson(left);
  const b = readJson(right);
  const changes: ChangedPath[] = [];
  const orders = new Map<JsonNode, readonly number[]>();
  const texts = { left, right };
  type Place = Pick<ChangedPath, 'path' | 'steps'>;

  const areEqual = (a: JsonNode, b: JsonNode): boolean => {
    if (a.to - a.from !== b.to - b.from) return false;
    budget.left -= (a.to - a.from) / 20; // comparing text is quick
    return left.slice(a.from, a.to) === right.slice(b.from, b.to);
  };

  const compare = (place: Place, a: JsonNode, b: JsonNode): void => {
    if (areEqual(a, b)) return;
    if (budget.left < 0) budget.coarse = true;
    const inside = budget.left >= 0 && a.opened === b.opened;
    if (inside && a.fields && b.fields) compareFields(place, a.fields, b.fields, a.opened);
    else if (inside && a.items && b.items) compareItems(place, a, a.items, b, b.items);
    else changes.push({ kind: 'changed', ...place, left: a, right: b });
  };

  const compareFields = (
    { path, steps }: Place,
    a: ReadonlyMap<string, JsonNode>,
    b: ReadonlyMap<string, JsonNode>,
    opened: boolean,
  ): void => {
    const placeOf = (key: string): Place => ({ path: joinPath(path, key, opened), steps: [...steps, key] });
    for (const [key, node] of a) {
      const other = b.get(key);
      if (other) compare(placeOf(key), node, other);
      else changes.push({ kind: 'removed', ...placeOf(key), left: node, right: undefined });
    }
    for (const [key, node] of b) {
      if (!a.has(key)) changes.push({ kind: 'added', ...placeOf(key), left: undefined, right: node });
    }
  };

  const compareItems = (
    { path, steps }: Place,
    a: JsonNode,
    itemsA: readonly JsonNode[],
    b: JsonNode,
    itemsB: readonly JsonNode[],
  ): void => {
    const { pairs, order } =
      (match ? matchByIdentity(itemsA, itemsB, texts) : undefined) ?? matchByPlace(itemsA, itemsB, texts, budget);
    const placeOf = (index: number): Place => ({
      path: `${path}${a.opened ? ' › ' : ''}[${index}]`,
      steps: [...steps, index],
    });
    if (order) {
      orders.set(a, order);
      changes.push({ kind: 'order', path, steps, left: a, right: b, order });
    }
    const kept = new Set(pairs.values());
    itemsA.forEach((node, index) => {
      if (!kept.has(index)) changes.push({ kind: 'removed', ...placeOf(index), left: node, right: undefined });
    });
    itemsB.forEach((node, index) => {
      const partner = itemsA[pairs.get(index) ?? -1];
      if (partner && areEqual(partner, node)) return; // most are: their place need not be named
      if (partner) compare(placeOf(index), partner, node);
      else changes.push({ kind: 'added', ...placeOf(index), left: undefined, right: node });
    });
  };

  compare({ path: '', steps: [] }, a, b);
  return { changes, orders, a };
}

/** The path of what stands under `key`; `opened`: in a string. */
export function joinPath(path: string, key: string, opened = false): string {
  const plain = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key);
  const step = plain ? key : `[${JSON.stringify(key)}]`;
  if (opened) return `${path} › ${step}`;
  return plain && path !== '' ? `${path}.${step}` : path + step;
}

const maxValue = 120;

/** A value on one line, for a list of changes: a string between strings without its quotes, long ones cut with "…". */
export function showValue(raw: string, other: string | undefined): string {
  const isText = raw.length > 2 && raw.startsWith('"') && other?.startsWith('"') === true;
  const shown = isText ? readString(raw) : raw.trim().replace(/\n\s*/g, ' ');
  return shown.length > maxValue ? `${shown.slice(0, maxValue - 1).replace(/[\ud800-\udbff]$/, '')}…` : shown;
}
