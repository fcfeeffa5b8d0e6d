import type { Search } from './search';

/** A condition of a search that has no parts. */
export type SearchLeaf = Exclude<Search, { readonly type: 'and' | 'or' | 'not' }>;

/** How many of a set of events a search finds, as far as it can be told: `some` stands for any number. */
export type Verdict = 'all' | 'none' | 'some';

const opposite: Record<Verdict, Verdict> = { all: 'none', none: 'all', some: 'some' };

/** The verdict on a whole search, from those on its leaves. */
export function judge(search: Search, judgeLeaf: (leaf: SearchLeaf) => Verdict): Verdict {
  switch (search.type) {
    case 'not':
      return opposite[judge(search.item, judgeLeaf)];
    case 'and':
      return judgeList(search.items, 'none', 'all', judgeLeaf);
    case 'or':
      return judgeList(search.items, 'all', 'none', judgeLeaf);
    case 'compare':
    case 'exist':
    case 'text':
      return judgeLeaf(search);
  }
}

/** `decisive` for one item decides for the list; without one it is `otherwise`, if all items are. */
function judgeList(
  items: readonly Search[],
  decisive: Verdict,
  otherwise: Verdict,
  judgeLeaf: (leaf: SearchLeaf) => Verdict,
): Verdict {
  let verdict = otherwise;
  for (const item of items) {
    const own = judge(item, judgeLeaf);
    if (own === decisive) return decisive;
    if (own === 'some') verdict = 'some';
  }
  return verdict;
}

/** The leaves of a search. */
export function leavesOf(search: Search): SearchLeaf[] {
  switch (search.type) {
    case 'not':
      return leavesOf(search.item);
    case 'and':
    case 'or':
      return search.items.flatMap(leavesOf);
    case 'compare':
    case 'exist':
    case 'text':
      return [search];
  }
}

/** The conditions that every event found must meet. */
export function demandsOf(search: Search): readonly Search[] {
  return search.type === 'and' ? search.items.flatMap(demandsOf) : [search];
}
