import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { race } from '../../../../src/core/base/race';

describe('race', () => {
  const reason = new Error('enough');

  it('gives what the work comes to, and listens no longer', async () => {
    const { signal } = new AbortController();
    assert.equal(await race(Promise.resolve(1), signal), 1);
    await assert.rejects(race(Promise.reject(new Error('failed')), signal), /failed/);
    await turn();
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  });

  it('ends with the signal, though the work goes on', async () => {
    const abort = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_, reject) => (fail = reject));
    const raced = race(work, abort.signal);
    abort.abort(reason);
    await assert.rejects(raced, reason);
    fail(new Error('nobody waits for it any more'));
    await assert.rejects(race(new Promise(() => undefined), abort.signal), reason);
  });
});
