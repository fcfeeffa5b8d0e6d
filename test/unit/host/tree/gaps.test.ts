import assert from 'node:assert/strict';
import { message } from '../../../../src/core/base/message';
import type { Missing } from '../../../../src/core/time/missing';
import { gapRows, gapsOf } from '../../../../src/host/tree/gaps';

const gap = (stream: string, at: number, reason = 'gone'): Missing => ({
  stream,
  range: { from: at, to: at + 1 },
  reason: message(reason),
  failure: undefined,
});

describe('Rows of gaps', () => {
  it('are one for the same times, and name components only where others have them', () => {
    const rows = gapRows([gap('nova', 5), gap('glance', 5), gap('nova', 3), gap('glance', 3, 'other')], 2);
    assert.deepEqual(
      rows.map((row) => row.kind === 'gap' && [row.streams, row.range.from, row.reason.template]),
      [
        [[], 5, 'gone'],
        [['nova'], 3, 'gone'],
        [['glance'], 3, 'other'],
      ],
    );
    assert.deepEqual(gapRows([gap('', 1)], 1)[0], { kind: 'gap', id: 'gap::1-2', streams: [], ...rest(gap('', 1)) });
  });

  it('do not flood the tree', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => gap('', at));
    const rows = gapRows(many, 1);
    assert.equal(rows.length, 1);
    const [row] = rows;
    assert.ok(row?.kind === 'gaps');
    assert.equal(row.gaps.length, 1_000);
    assert.equal(gapsOf(row).length, 500);
    assert.equal(new Set(gapsOf(row).map(({ id }) => id)).size, 500);
  });
});

function rest({ range, reason }: Missing) {
  return { range, reason, parent: undefined };
}
