import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { Random } from '../../../../src/sample/random';
import { DamagedError } from '../../../../src/history/db/failures';
import { PostingList, findOrdinals, findShared, maxOrdinal, wordsOf } from '../../../../src/history/store/postings';
import { hashOf } from '../../../../src/history/store/hash';
import { Lookups } from '../../../../src/history/store/lookups';
import { migrate } from '../../../../src/history/db/migrations';

describe('lookups', () => {
  it('find what was added, merged or not, however the events are spread over lots and runs', () => {
    const random = new Random('lookups');
    const database = new DatabaseSync(':memory:');
    migrate(database);
    const lookups = new Lookups(database, () => []);
    const expected = new Map<string, Set<number>>();
    let first = 1;
    const check = (): void => {
      for (const [text, events] of expected) {
        const found = lookups.find('resource', text).toSorted((a, b) => a - b);
        assert.deepEqual(
          found,
          [...events].sort((a, b) => a - b),
        );
      }
      const texts = [...expected.keys()].filter(() => random.chance(0.5));
      const all = lookups.findAll('resource', texts).map((events) => events.sort((a, b) => a - b));
      assert.deepEqual(
        all,
        texts.map((text) => [...(expected.get(text) ?? [])].sort((a, b) => a - b)),
      );
    };
    for (let lot = 0; lot < 120; lot++) {
      // Some lots jump far ahead: their ordinals do not fit into the run before.
      if (random.chance(0.1)) first += 60_000;
      const entries = new PostingList();
      const count = 1 + Math.floor(random.next() * 40);
      for (let ordinal = 0; ordinal < count; ordinal++) {
        const text = `resource ${Math.floor(random.next() * 60)}`;
        entries.add(hashOf('resource', text), ordinal);
        expected.set(text, (expected.get(text) ?? new Set()).add(first + ordinal));
      }
      lookups.append(first, first + count - 1, entries);
      first += count;
      if (random.chance(0.1)) check();
      if (random.chance(0.15)) lookups.merge();
    }
    check();
    lookups.merge();
    assert.equal(lookups.waiting(), 0);
    check();
    assert.deepEqual(lookups.find('request', 'resource 1'), []);
    assert.deepEqual(lookups.find('resource', 'never added'), []);
    const { runs } = database.prepare('SELECT count(*) AS runs FROM runs').get() as { runs: number };
    assert.ok(runs > 3 && runs < 25, `${runs} runs`);
  });

  it('find other events once they were told to forget', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    const lookups = new Lookups(database, () => []);
    const fill = (...texts: readonly string[]): void => {
      for (const [lot, text] of texts.entries()) {
        const entries = new PostingList();
        entries.add(hashOf('resource', text), 0);
        lookups.append(1 + lot * 100_000, 1 + lot * 100_000, entries);
      }
      lookups.merge();
    };
    fill('a', 'b');
    assert.deepEqual(lookups.findAll('resource', ['a', 'b']), [[1], [100_001]]);
    database.exec('DELETE FROM runs; DELETE FROM lookups');
    fill('b', 'a');
    lookups.forget();
    assert.deepEqual(lookups.findAll('resource', ['a', 'b']), [[100_001], [1]]);
  });

  it('say which events share a key, in one run or in several', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    const told: string[] = [];
    const lookups = new Lookups(database, (events) => {
      told.push(events.toSorted((a, b) => a - b).join());
      return [];
    });
    const add = (first: number, ...keys: string[]): void => {
      const entries = new PostingList();
      keys.forEach((key, ordinal) => entries.add(hashOf('key', key), ordinal));
      lookups.append(first, first + keys.length - 1, entries);
    };
    add(1, 'a', 'b', 'c', 'a');
    add(5, 'd', 'b');
    lookups.merge();
    assert.deepEqual(told.splice(0).sort(), ['1,4', '2,6']);
    add(100_000, 'e', 'c');
    add(200_000, 'c', 'f');
    lookups.merge();
    assert.ok(told.includes('3,100001,200000'), told.join(' '));
  });

  it('lead to an event by the key that it was given, and no longer by the one that it shared', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    const lookups = new Lookups(database, ([, ...others]) =>
      others.map((event) => ({ event, from: 'a', to: `a${event}` })),
    );
    const entries = new PostingList();
    for (let ordinal = 0; ordinal < 3; ordinal++) entries.add(hashOf('key', 'a'), ordinal);
    lookups.append(1, 3, entries);
    lookups.merge();
    const found = [lookups.find('key', 'a'), lookups.find('key', 'a2'), lookups.find('id', 'a')];
    assert.deepEqual(found, [[1], [2], [2, 3]]);
  });

  for (const table of ['segments', 'lookups'] as const) {
    describe(`in a part of ${table}`, () => {
      let database: DatabaseSync;
      let lookups: Lookups;

      beforeEach(() => {
        database = new DatabaseSync(':memory:');
        migrate(database);
        lookups = new Lookups(database, () => []);
        const entries = new PostingList();
        for (let ordinal = 0; ordinal < 40; ordinal++) entries.add(hashOf('resource', 'the same'), ordinal);
        lookups.append(1, 40, entries);
        if (table === 'lookups') lookups.merge();
      });

      /** Puts other bytes in the place of the only part there is. */
      function change(alter: (bytes: Uint8Array) => Uint8Array): void {
        const rows = database.prepare(`SELECT entries FROM ${table}`).all();
        assert.equal(rows.length, 1);
        const bytes = (rows[0]!['entries'] as Uint8Array).slice();
        database.prepare(`UPDATE ${table} SET entries = ?`).run(alter(bytes));
      }

      it('notice each bit that is not what it was', () => {
        let length = 0;
        change((bytes) => ((length = bytes.length), bytes));
        for (let bit = 0; bit < length * 8; bit += 7) {
          const flip = (bytes: Uint8Array): Uint8Array => bytes.with(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));
          change(flip);
          assert.throws(() => lookups.find('resource', 'the same'), DamagedError, `bit ${bit}`);
          change(flip);
        }
        assert.equal(lookups.find('resource', 'the same').length, 40);
      });

      it('notice what was cut off', () => {
        for (const length of [-8, -4, 3, 0]) {
          change((bytes) => bytes.slice(0, length));
          assert.throws(() => lookups.find('resource', 'the same'), DamagedError, `${length}`);
        }
      });
    });
  }

  it('look up one of many entries in few steps', () => {
    const list = new PostingList();
    for (let ordinal = 0; ordinal <= maxOrdinal; ordinal++) list.add(hashOf('key', `${ordinal}`), ordinal);
    let reads = 0;
    const words = new Proxy(list.sort(), { get: (target, key) => ++reads && (Reflect.get(target, key) as unknown) });
    assert.deepEqual(findOrdinals(words, hashOf('key', '40000')), [40_000]);
    assert.ok(reads < 100, `${reads}`);
  });

  it('keep apart hashes that differ in any bit', () => {
    const list = new PostingList();
    const hashes = [0, 1, 0xffff, 0x10000, 2 ** 32 - 1, 2 ** 32, 2 ** 47, 2 ** 48 - 1];
    for (const [ordinal, hash] of hashes.entries()) list.add(hash, ordinal + 65_000);
    const words = list.sort();
    for (const [ordinal, hash] of hashes.entries()) assert.deepEqual(findOrdinals(words, hash), [ordinal + 65_000]);
    assert.deepEqual(findOrdinals(words, 2), []);
    assert.equal(findShared(words, words).length, hashes.length);
    const unaligned = new Uint8Array([0, ...new Uint8Array(words.buffer)]).subarray(1);
    assert.deepEqual(wordsOf(unaligned), words);
  });
});
