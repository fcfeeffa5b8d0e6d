import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { Serial } from '../../../../src/core/base/serial';

const never = new AbortController().signal;

describe('Serial', () => {
  it('does one thing after another, and goes on behind one that fails', async () => {
    const serial = new Serial();
    const seen: string[] = [];
    const work = (name: string, fails = false) =>
      serial.run(async () => {
        seen.push(`${name} begins`);
        await turn();
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const all = [work('a'), work('b', true), work('c')];
    assert.deepEqual(seen, [], 'nothing begins at once');
    const outcomes = await Promise.allSettled(all);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason))),
      ['a', 'Error: b', 'c'],
    );
    assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('lets in one after another, and those who give up do not hold up the others', async () => {
    const serial = new Serial();
    const seen: string[] = [];
    const enter = (name: string, signal = never): Promise<() => void> =>
      serial.enter(signal).then((leave) => {
        seen.push(name);
        return leave;
      });
    const first = await enter('first');
    const impatient = new AbortController();
    const second = enter('second', impatient.signal);
    const third = enter('third');
    await turn();
    impatient.abort();
    await assert.rejects(second, { name: 'AbortError' });
    assert.deepEqual(seen, ['first']);
    first();
    (await third)();
    await assert.rejects(enter('late', AbortSignal.abort()), { name: 'AbortError' });
    await enter('fourth');
    assert.deepEqual(seen, ['first', 'third', 'fourth']);
  });
});
