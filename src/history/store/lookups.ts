import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { PostingList, findOrdinals, findShared, hashAt, isSameHash, maxOrdinal, ordinalAt, wordsOf } from './postings';
import { free } from './free';
import { hashOf, renamedHashes, type HashSort } from './hash';
import { inTransaction } from '../db/schema';
import { addChecksum, checkChecksum } from './checksum';

/** A run is stored in as many parts, by the highest 8 bits of the hashes, so that a question reads one small part of each. */
const parts = 256;
/** The highest bit of the hashes tells keys: these parts hold them. */
const firstKeyPart = parts / 2;

/** Texts whose events in closed runs are remembered, and how many of these. */
const maxRemembered = 20_000;
const maxRememberedEvents = 200_000;

/** A run that is larger is closed, whatever number of events it is about. */
const maxRunEntries = 1_000_000;

interface Run {
  readonly first: number;
  readonly last: number;
  readonly entries: number;
}

interface Segment {
  readonly first: number;
  readonly last: number;
  readonly words: Uint32Array;
}

/** An event that was given the key `to` in place of `from`, which is another one's, too. */
export interface Renamed {
  readonly event: number;
  readonly from: string;
  readonly to: string;
}

/**
 * Finds events by key, request id and resource. The entries of each stored page wait as one sorted segment; many segments are
 * merged into a run, sorted too, which is about 65,536 consecutive events at most. Nothing is ever inserted in between, as
 * an index in random order would need: that alone would take longer than all else a load does.
 */
export class Lookups {
  readonly #database: DatabaseSync;
  readonly #separate: (events: readonly number[]) => readonly Renamed[];
  readonly #addSegment: StatementSync;
  readonly #readPart: StatementSync;
  /** What {@link findAll} found in all runs but the last, which may grow, by hash. */
  readonly #remembered = new Map<number, readonly number[]>();
  #rememberedEvents = 0;
  #rememberedRuns = '';

  /** `separate` is told, within a transaction, which events may share a key; they are found by the ones it gives them. */
  constructor(database: DatabaseSync, separate: (events: readonly number[]) => readonly Renamed[]) {
    this.#database = database;
    this.#separate = separate;
    this.#addSegment = database.prepare('INSERT INTO segments VALUES (?, ?, ?)');
    this.#readPart = database.prepare('SELECT entries FROM lookups WHERE id = ?');
  }

  /** Takes the entries of the events `first` to `last`, at most 65,536. Inside a transaction. */
  append(first: number, last: number, entries: PostingList): void {
    if (entries.size > 0) this.#addSegment.run(first, last, addChecksum(bytesOf(entries.sort())));
  }

  /** How many segments wait to be merged. */
  waiting(): number {
    return Number(this.#database.prepare('SELECT count(*) AS segments FROM segments').get()?.['segments']);
  }

  /** The events with the hash of one of these texts, of each the newest numbers last. Some may be gone. */
  find(sort: HashSort, ...texts: readonly string[]): number[] {
    return this.#find(texts.map((text) => hashOf(sort, text))).flat();
  }

  /** Like {@link find} for many texts, which costs little more than for one, and still less when they are asked for again. */
  findAll(sort: HashSort, texts: readonly string[]): number[][] {
    const hashes = texts.map((text) => hashOf(sort, text));
    const runs = this.#runs();
    const closed = runs.slice(0, -1);
    const others = this.#find(hashes, runs.slice(-1), this.#segments());
    this.#remember(hashes, closed);
    return hashes.map((hash, index) => [...(this.#remembered.get(hash) ?? []), ...(others[index] ?? [])]);
  }

  /** Numbers of events may be given again. */
  forget(): void {
    this.#remembered.clear();
    this.#rememberedEvents = 0;
  }

  #remember(hashes: readonly number[], runs: readonly Run[]): void {
    const name = JSON.stringify(runs);
    if (name !== this.#rememberedRuns) this.forget();
    this.#rememberedRuns = name;
    if (this.#remembered.size > maxRemembered || this.#rememberedEvents > maxRememberedEvents) this.forget();
    const fresh = hashes.filter((hash) => !this.#remembered.has(hash));
    if (fresh.length === 0) return;
    for (const [index, events] of this.#find(fresh, runs, []).entries()) {
      this.#remembered.set(fresh[index] ?? 0, events);
      this.#rememberedEvents += events.length;
    }
  }

  #find(hashes: readonly number[], runs: readonly Run[] = this.#runs(), segments = this.#segments()): number[][] {
    const found = hashes.map(() => new Set<number>());
    const inPart = new Map<number, number[]>();
    for (const [index, hash] of hashes.entries()) {
      const part = Math.floor(hash / 2 ** 40);
      const others = inPart.get(part);
      if (others) others.push(index);
      else inPart.set(part, [index]);
    }
    const add = (first: number, words: Uint32Array, index: number): void => {
      for (const ordinal of findOrdinals(words, hashes[index] ?? 0)) found[index]?.add(first + ordinal);
    };
    for (const { first } of runs) {
      for (const [part, indexes] of inPart) {
        const words = this.#part(first, part);
        for (const index of indexes) add(first, words, index);
      }
    }
    for (const { first, words } of segments) for (const index of hashes.keys()) add(first, words, index);
    return found.map((events) => [...events]);
  }

  /** Merges all that waits. */
  merge(): void {
    if (this.waiting() === 0) return;
    inTransaction(this.#database, () => {
      const segments = this.#segments();
      let run: Run | undefined = this.#runs().at(-1);
      let merged = new PostingList();
      let fresh = 0;
      for (const { first, last, words } of segments) {
        if (!run || last - run.first > maxOrdinal || run.entries > maxRunEntries) {
          if (run && merged.size > 0) this.#writeRun(run, merged, fresh);
          run = { first, last, entries: 0 };
          merged = new PostingList();
          fresh = 0;
        } else if (merged.size === 0) {
          // The last run has room left.
          for (let part = 0; part < parts; part++) {
            const words = this.#part(run.first, part);
            merged.addShifted(bytesOf(words), 0);
            free(words);
          }
          fresh = first - run.first;
        }
        merged.addShifted(bytesOf(words), first - run.first);
        free(words);
        run = { first: run.first, last, entries: merged.size };
      }
      if (run && merged.size > 0) this.#writeRun(run, merged, fresh);
      this.#database.exec('DELETE FROM segments');
    });
  }

  /** Drops the runs none of whose events is left. */
  forgetEmptyRuns(): void {
    inTransaction(this.#database, () => {
      for (const { first, last } of this.#runs()) {
        if (this.#database.prepare('SELECT 1 FROM events WHERE id BETWEEN ? AND ? LIMIT 1').get(first, last)) continue;
        this.#deleteRun(first);
      }
    });
  }

  /** @param fresh the first ordinal that was not in the run before; 0 where the run is new */
  #writeRun(run: Run, list: PostingList, fresh: number): void {
    if (fresh > 0) this.#deleteRun(run.first);
    const words = this.#separateKeys(run.first, list.sort(), fresh);
    const entries = words.length >>> 1;
    this.#database.prepare('INSERT INTO runs VALUES (?, ?, ?)').run(run.first, run.last, entries);
    const insert = this.#database.prepare('INSERT INTO lookups VALUES (?, ?)');
    for (const [part, own] of partsOf(words)) insert.run(run.first * parts + part, addChecksum(bytesOf(own)));
  }

  /** The entries of a run that is being written, in which no event shares a key with an earlier one any more. */
  #separateKeys(first: number, words: Uint32Array, fresh: number): Uint32Array {
    const others = this.#runs().filter((run) => run.first !== first);
    const renamed = new Map<number, Renamed>();
    for (const [part, own] of partsOf(words)) {
      if (part < firstKeyPart) continue;
      for (const events of this.#findSameKeys(own, part, { first, fresh }, others))
        for (const each of this.#separate(events)) renamed.set(each.event - first, each);
    }
    if (renamed.size === 0) return words;
    const list = new PostingList();
    for (let at = 0; at < words.length; at += 2) {
      const hash = hashAt(words, at);
      const ordinal = ordinalAt(words, at);
      const { from, to } = renamed.get(ordinal) ?? {};
      if (from === undefined || to === undefined || hash !== hashOf('key', from)) list.add(hash, ordinal);
      else for (const each of renamedHashes(from, to)) list.add(each, ordinal);
    }
    return list.sort();
  }

  /** The events of each key that fresh ones of `own`, a part of a run, share with any: all others have keys of their own. */
  #findSameKeys(
    own: Uint32Array,
    part: number,
    { first, fresh }: { readonly first: number; readonly fresh: number },
    others: readonly Run[],
  ): Iterable<readonly number[]> {
    const shared = new Map<number, number[]>();
    const share = (at: number): void => {
      if (ordinalAt(own, at) >= fresh) shared.set(hashAt(own, at), []);
    };
    for (let at = 2; at < own.length; at += 2) if (isSameHash(own, at, own, at - 2)) share(at);
    const found = others.map((other) => ({ first: other.first, words: this.#part(other.first, part) }));
    for (const { words } of found) for (const at of findShared(own, words)) share(at);
    for (const { first: start, words } of [...found, { first, words: own }])
      for (const [hash, events] of shared)
        for (const ordinal of findOrdinals(words, hash)) events.push(start + ordinal);
    for (const { words } of found) free(words);
    return shared.values();
  }

  #deleteRun(first: number): void {
    this.#database.prepare('DELETE FROM runs WHERE first = ?').run(first);
    this.#database.prepare('DELETE FROM lookups WHERE id >= ? AND id < ?').run(first * parts, (first + 1) * parts);
  }

  #part(first: number, part: number): Uint32Array {
    const entries = this.#readPart.get(first * parts + part)?.['entries'];
    return entries instanceof Uint8Array ? wordsOf(checkChecksum(entries)) : new Uint32Array();
  }

  #runs(): Run[] {
    return this.#database.prepare('SELECT first, last, entries FROM runs ORDER BY first').all() as unknown as Run[];
  }

  #segments(): Segment[] {
    return this.#database
      .prepare('SELECT first, last, entries FROM segments ORDER BY first')
      .all()
      .map((row) => ({
        first: Number(row['first']),
        last: Number(row['last']),
        words: wordsOf(checkChecksum(row['entries'] as Uint8Array)),
      }));
  }
}

/** A run's parts that hold entries, which are sorted. */
function* partsOf(words: Uint32Array): Generator<[part: number, entries: Uint32Array]> {
  for (let from = 0, to = 0; from < words.length; from = to) {
    const part = (words[from + 1] ?? 0) >>> 24;
    while (to < words.length && (words[to + 1] ?? 0) >>> 24 === part) to += 2;
    yield [part, words.subarray(from, to)];
  }
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
