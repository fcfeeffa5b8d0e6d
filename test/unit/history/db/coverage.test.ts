import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { Range } from '../../../../src/core/time/range';
import { subtract, union } from '../../../../src/core/time/ranges';
import { addCoverage, readCoverage, uncover } from '../../../../src/history/db/coverage';
import { migrate } from '../../../../src/history/db/migrations';
import { Random } from '../../../../src/sample/random';

describe('the table of what counts as loaded', () => {
  let database: DatabaseSync;
  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    migrate(database);
  });
  afterEach(() => database.close());

  /** How many rows `work` writes or deletes. */
  function countChanges(work: () => void): number {
    const total = (): number => Number(database.prepare('SELECT total_changes() AS rows').get()?.['rows']);
    const before = total();
    work();
    return total() - before;
  }

  it('is written where it changes only, however much is in it', () => {
    for (let n = 0; n < 1_000; n++) addCoverage(database, '', '', { from: n * 10, to: n * 10 + 5 });
    const add = (from: number, to: number) => countChanges(() => addCoverage(database, '', '', { from, to }));
    assert.equal(add(21, 24), 0);
    assert.equal(add(20_000, 20_010), 1);
    assert.equal(add(20_010, 20_020), 2);
    assert.equal(add(4, 21), 4); // three rows become one
    assert.equal(
      countChanges(() => uncover(database, { from: 5_001, to: 5_012 })),
      4,
    );
    assert.equal(
      countChanges(() => uncover(database, { from: 30_000, to: 40_000 })),
      0,
    );
  });

  it('says the same as if all of it were written anew each time', () => {
    const random = new Random('coverage');
    const expected = new Map<string, Range[]>([
      ['', []],
      ['nova', []],
    ]);
    for (let turn = 0; turn < 500; turn++) {
      const from = Math.floor(random.next() * 200);
      const range = { from, to: from + Math.floor(random.next() * 12) };
      const stream = random.chance(0.5) ? 'nova' : '';
      if (random.chance(0.3)) {
        uncover(database, range);
        for (const [name, ranges] of expected) {
          const kept = ranges.flatMap((covered) => subtract(covered, [range]));
          expected.set(name, kept);
        }
      } else {
        addCoverage(database, stream, '', range);
        expected.set(stream, union([...(expected.get(stream) ?? []), range]));
      }
      for (const [name, ranges] of expected) assert.deepEqual(readCoverage(database, name, ''), ranges);
    }
  });
});
