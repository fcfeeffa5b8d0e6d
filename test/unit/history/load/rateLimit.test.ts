import assert from 'node:assert/strict';
import { fieldText } from '../../../../src/core/event/event';
import { Loader } from '../../../../src/history/load/loader';
import { makeEvents } from '../../../server/events';
import { disposeSources, sourceOf, useServer } from '../../api/client';
import { noSignal, readAll, silentLog, Workshop } from '../fixture';

const newest = Date.UTC(2026, 10, 20);
const events = makeEvents(2_000, { newest, stepMs: 60_000 });
const range = { from: Date.parse(fieldText(events.at(-1)!, 'timestamp')), to: newest + 1 };

/** How long an answer takes: so long several are on their way. */
const slow = 40;
const retryAfter = 1.5;

describe('a load that is asked to slow down', () => {
  const workshop = new Workshop();
  const server = useServer({ events });
  afterEach(() => {
    disposeSources();
    return workshop.cleanUp();
  });

  it('rests in all its slices, each time, and loses and doubles nothing', async () => {
    const history = await workshop.local(':memory:');
    server().fault({ kind: 'slow', ms: slow });
    for (const skip of [9, 20, 31]) server().fault({ kind: 'status', status: 429, retryAfter, skip, times: 1 });
    const source = sourceOf(server());
    const loader = new Loader({
      source,
      history,
      components: [],
      pageSize: 50,
      concurrency: 4,
      now: () => newest + 3_600_000,
      waitForToken: () => assert.fail('no token is missing'),
      log: silentLog,
    });
    assert.deepEqual((await loader.load(range, () => undefined, noSignal)).gaps, []);
    const ids = (await readAll(history)).map((event) => fieldText(event, 'event_id'));
    assert.deepEqual(
      ids,
      events.map((event) => fieldText(event, 'event_id')),
    );

    const { requests } = server();
    const refusals = source.attempts.filter(({ status }) => status === 429);
    assert.equal(refusals.length, 3);
    for (const index of [9, 20, 31]) {
      const refused = requests[index]!;
      const after = requests.map(({ at }) => at - refused.at);
      const meanwhile = after.filter((ms) => ms > slow + 400 && ms < slow + retryAfter * 1_000 - 20);
      assert.deepEqual(meanwhile, [], `asked while the server wants silence after request ${index}`);
      // Several slices go on as soon as they may.
      const goOn = after.filter((ms) => ms >= slow + retryAfter * 1_000 - 20).slice(0, 4);
      assert.ok(goOn.at(-1)! - goOn[0]! < retryAfter * 500, `${goOn.join()} ms: not all were waiting`);
    }
  });
});
