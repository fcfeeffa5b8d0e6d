import type { Search } from '../../core/search/search';
import { matches } from '../../core/search/searchEvaluate';
import { demandsOf, judge, leavesOf, type SearchLeaf, type Verdict } from '../../core/search/searchJudge';
import type { Chunk, Chunks } from '../store/chunks';
import { kindFields, type Kind, type Kinds } from '../store/kinds';
import { termPattern } from './termPattern';

const ofKind = new Set<string>(kindFields);

/**
 * Decides which events a search finds, reading as few records as it can: first by what kind they are of, then by whether
 * the texts that are looked for are in their chunk and in their JSON at all; only what is left is parsed. The last word
 * has {@link matches}.
 */
export class Matcher {
  readonly #search: Search;
  readonly #chunks: Chunks;
  readonly #leaves: readonly SearchLeaf[];
  readonly #terms = new Map<SearchLeaf, (json: string) => boolean>();
  /** The verdicts on each kind: on the whole search, and on each leaf. */
  readonly #byKind = new Map<
    number,
    { readonly verdict: Verdict; readonly leaves: ReadonlyMap<SearchLeaf, Verdict> }
  >();
  #chunk: Chunk | undefined;
  /** The verdicts on the current chunk, by kind. */
  #inChunk = new Map<number, Verdict>();
  #isThere: (leaf: SearchLeaf) => boolean = () => true;

  constructor(search: Search, chunks: Chunks, kinds: Kinds) {
    this.#search = search;
    this.#chunks = chunks;
    this.#leaves = leavesOf(search);
    for (const leaf of this.#leaves) {
      const term = termOf(leaf);
      if (term !== undefined) this.#terms.set(leaf, termPattern(term));
    }
    for (const [id, kind] of kinds.all()) {
      const leaves = new Map(this.#leaves.map((leaf) => [leaf, judgeByKind(leaf, kind)]));
      this.#byKind.set(id, { verdict: judge(search, (leaf) => leaves.get(leaf) ?? 'some'), leaves });
    }
  }

  /** The kinds whose events have this verdict. */
  kinds(verdict: Verdict): number[] {
    return [...this.#byKind].filter(([, own]) => own.verdict === verdict).map(([id]) => id);
  }

  finds(event: number, kind: number): boolean {
    const byKind = this.#byKind.get(kind)?.verdict;
    if (byKind === 'all' || byKind === 'none') return byKind === 'all';
    const chunk = this.#chunks.of(event);
    if (chunk.isPlain) {
      const verdict = this.#judgeChunk(chunk, kind);
      if (verdict !== 'some') return verdict === 'all';
      const json = chunk.textOf(event);
      const closer = this.#judge(kind, (leaf) => this.#terms.get(leaf)?.(json) ?? true);
      if (closer !== 'some') return closer === 'all';
    }
    return matches(this.#search, chunk.record(event));
  }

  /** Whether events of the chunk may be found for the texts they hold. */
  mayBeIn(chunk: Chunk): boolean {
    if (!chunk.isPlain) return true;
    this.#enter(chunk);
    return judge(this.#search, (leaf) => (this.#isThere(leaf) ? 'some' : 'none')) !== 'none';
  }

  #enter(chunk: Chunk): void {
    if (chunk === this.#chunk) return;
    this.#chunk = chunk;
    this.#inChunk = new Map();
    const missing = new Set(this.#leaves.filter((leaf) => this.#terms.get(leaf)?.(chunk.text) === false));
    this.#isThere = (leaf) => !missing.has(leaf);
  }

  #judgeChunk(chunk: Chunk, kind: number): Verdict {
    this.#enter(chunk);
    let verdict = this.#inChunk.get(kind);
    if (verdict === undefined) this.#inChunk.set(kind, (verdict = this.#judge(kind, this.#isThere)));
    return verdict;
  }

  #judge(kind: number, isThere: (leaf: SearchLeaf) => boolean): Verdict {
    const byKind = this.#byKind.get(kind)?.leaves;
    return judge(this.#search, (leaf) => {
      const verdict = byKind?.get(leaf) ?? 'some';
      return verdict === 'some' && !isThere(leaf) ? 'none' : verdict;
    });
  }
}

/** What every event that `leaf` finds must hold, apart from what its kind says. */
function termOf(leaf: SearchLeaf): string | undefined {
  if (leaf.type === 'text') return leaf.value;
  if (leaf.type === 'exist' || leaf.field === 'timestamp' || ofKind.has(leaf.field)) return undefined;
  return leaf.value !== '' && (leaf.op === ':' || leaf.op === '=') ? leaf.value : undefined;
}

function judgeByKind(leaf: SearchLeaf, kind: Kind): Verdict {
  if (leaf.type === 'text') return matches(leaf, kind) ? 'all' : 'some';
  if (!ofKind.has(leaf.field)) return 'some';
  return matches(leaf, kind) ? 'all' : 'none';
}

/** The values that the search demands of a field, by `=`. */
export function demanded(search: Search, field: string): string[] {
  return demandsOf(search).flatMap((part) =>
    part.type === 'compare' && part.field === field && part.op === '=' && part.value !== '' ? [part.value] : [],
  );
}
