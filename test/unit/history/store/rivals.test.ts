import assert from 'node:assert/strict';
import { Rivals } from '../../../../src/history/store/rivals';
import { assertGrowth } from '../../assertGrowth';
import { cpuTime } from '../../cpuTime';

const json = (event: object): Uint8Array => new TextEncoder().encode(JSON.stringify({ event_id: 'same', ...event }));

describe('events that share a key', () => {
  it('are found by their content, whatever the order of its fields, the first of several', () => {
    const stored = [json({ a: 1 }), json({ a: 2 }), json({ b: 1, a: 2 }), json({ a: 2 })];
    const rivals = new Rivals((id) => stored[id]!);
    for (const id of stored.keys()) rivals.add({ id, time: 0 });
    assert.deepEqual(
      [{ a: 2 }, { a: 2, b: 1 }, { a: 1 }, { a: 3 }].map((event) => rivals.find(json(event))?.id),
      [1, 2, 0, undefined],
    );
  });

  it('are each read once, and found in linear time', async () => {
    const measure = (count: number): [number] => {
      let reads = 0;
      const rivals = new Rivals((id) => {
        reads++;
        return json({ id });
      });
      const before = cpuTime();
      for (let id = 0; id < count; id++) {
        assert.equal(rivals.find(json({ id })), undefined);
        rivals.add({ id, time: 0 });
      }
      for (let id = 0; id < count; id++) assert.equal(rivals.find(json({ id }))?.id, id);
      // Once to compare it as it is, once for its content.
      assert.ok(reads <= 2 * count, `${reads}`);
      return [cpuTime() - before];
    };
    await assertGrowth({ less: () => measure(4_000), more: () => measure(16_000), most: 6 });
  });
});
