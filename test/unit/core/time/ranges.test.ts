import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Range } from '../../../../src/core/time/range';
import { covers, intersect, subtract, total, union } from '../../../../src/core/time/ranges';

const range = (from: number, to: number): Range => ({ from, to });

describe('ranges', () => {
  it('merges', () => {
    assert.deepEqual(union([range(5, 7), range(1, 3), range(3, 4), range(6, 9), range(8, 8)]), [
      range(1, 4),
      range(5, 9),
    ]);
    assert.deepEqual(union([range(1, 9), range(2, 3)]), [range(1, 9)]);
    assert.deepEqual(union([]), []);
  });

  it('subtracts', () => {
    assert.deepEqual(subtract(range(0, 10), [range(2, 4), range(6, 20)]), [range(0, 2), range(4, 6)]);
    assert.deepEqual(subtract(range(0, 10), [range(-5, 15)]), []);
    assert.deepEqual(subtract(range(0, 10), [range(10, 12), range(-3, 0)]), [range(0, 10)]);
    assert.deepEqual(subtract(range(4, 4), []), []);
  });

  it('intersects', () => {
    assert.deepEqual(intersect(range(0, 5), range(3, 9)), range(3, 5));
    assert.equal(intersect(range(0, 3), range(3, 9)), undefined);
  });

  it('agrees with sets of points', () => {
    const some = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })).map(([from, to]) => range(from, to)),
    );
    const points = (ranges: readonly Range[]): Set<number> =>
      new Set(
        ranges.flatMap(({ from, to }) => Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)),
      );
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }), (ranges, from, to) => {
        const covered = points(ranges);
        const merged = union(ranges);
        assert.deepEqual([...points(merged)].sort(), [...covered].sort());
        assert.ok(
          merged.every(
            (item, index) => item.from < item.to && (index === 0 || (merged[index - 1] as Range).to < item.from),
          ),
        );
        assert.equal(total(ranges), covered.size);
        const rest = new Set([...points([range(from, to)])].filter((point) => !covered.has(point)));
        assert.deepEqual(points(subtract(range(from, to), ranges)), rest);
        assert.equal(covers(ranges, range(from, to)), rest.size === 0);
      }),
    );
  });
});
