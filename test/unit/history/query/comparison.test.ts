import assert from 'node:assert/strict';
import { isCancelled, UserError } from '../../../../src/core/base/errors';
import type { BodyPart } from '../../../../src/core/event/body';
import type { Range } from '../../../../src/core/time/range';
import type { LocalHistory } from '../../../../src/history/localHistory';
import { bodyLimits, type Baseline, type Comparison } from '../../../../src/protocol/panel';
import { noSignal, pageOf, record, store, storeBytes, Workshop } from '../fixture';

/** The life of one resource, oldest first: request and response of each event. */
const life: Readonly<Record<string, readonly [request: string, response: string]>> = {
  create: ['{"server":{"b":1,"a":"{\\"z\\":1}","adminPass":"one"}}', '{"server":{"id":"s","adminPass":"1"}}'],
  stop: ['{}', ''],
  start: ['  ', '<BINARY_DATA>'],
  resize: ['{"server":{"a":2,"adminPass":"two","name":"x"}}', ''],
  again: ['{"server":{"a":3,"adminPass":"two"}}', '{"server":{"id":"s","adminPass":1}}'],
  remove: ['', ''],
  list: ['[]', ' [ ] '],
};
const keys = Object.keys(life);
const minute = 60_000;
const hour = 60 * minute;
const birth = Date.UTC(2026, 10, 1);

const events = Object.entries(life).map(([key, [request_body, response_body]], index) =>
  record(0, {
    event_id: key,
    timestamp: new Date(birth + index * hour).toISOString(),
    action: `${key}-vm`,
    uri: '/v2.1/servers/s1',
    user_email: key === 'create' ? '' : 'a@b.test',
    request_body,
    response_body,
  }),
);

function picked(key: string): Baseline {
  return { type: 'event', key };
}

describe('a comparison of two events', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  /** `covered` counts from the first event on. */
  async function open(covered: Readonly<Record<string, readonly Range[]>> = {}): Promise<LocalHistory> {
    const history = await workshop.local();
    await store(history, events.toReversed());
    for (const [stream, ranges] of Object.entries(covered)) {
      for (const { from, to } of ranges)
        await storeBytes(history, pageOf([]), stream, { from: birth + from, to: birth + to });
    }
    return history;
  }

  async function compare(
    key: string,
    {
      baseline = { type: 'previous' },
      part,
      redact = true,
      covered,
    }: { baseline?: Baseline; part?: BodyPart; redact?: boolean; covered?: Record<string, readonly Range[]> } = {},
  ): Promise<Comparison> {
    const question = { key, baseline, part, shown: { redact, zone: 'utc' }, longest: bodyLimits.longest } as const;
    return (await open(covered)).compare(question, noSignal);
  }

  it('takes the previous event that carries a body, and says how many carry none', async () => {
    const { part, baseline, skipped } = await compare('resize');
    assert.deepEqual([part, baseline?.key, baseline?.user, skipped], ['request', 'create', 'u1', 2]);
    const near = await compare('again');
    assert.deepEqual([near.baseline?.key, near.baseline?.user, near.skipped], ['resize', 'a@b.test', 0]);
  });

  it('looks for the body that is asked for', async () => {
    const { part, baseline, skipped } = await compare('again', { part: 'response' });
    assert.deepEqual([part, baseline?.key, skipped], ['response', 'create', 3]);
  });

  it('compares whole records with the previous event, whatever it carries', async () => {
    assert.equal((await compare('start', { part: 'event' })).baseline?.key, 'stop');
  });

  it('compares responses where nothing was sent', async () => {
    const { part, baseline, right } = await compare('remove');
    assert.deepEqual([part, baseline?.key, right.kind], ['response', 'again', 'empty']);
  });

  it('has nothing to compare with where no earlier event is stored, or none carries a body', async () => {
    for (const [key, skipped] of [
      ['create', 0],
      ['stop', 1],
    ] as const) {
      const found = await compare(key, { part: 'response' });
      assert.deepEqual(
        [found.left?.kind, found.baseline?.key, found.skipped],
        key === 'create' ? [undefined, undefined, skipped] : ['json', 'create', 0],
      );
    }
  });

  it('compares what was sent, else what came back, else the records of a picked event', async () => {
    for (const [key, other, part] of [
      ['stop', 'resize', 'request'],
      ['remove', 'again', 'request'],
      ['remove', 'start', 'event'],
      ['stop', 'start', 'event'],
      ['list', 'stop', 'event'],
    ] as const) {
      const found = await compare(key, { baseline: picked(other) });
      assert.deepEqual([found.part, found.baseline?.key, found.gap], [part, other, false]);
    }
  });

  it('takes the same part whether the panel or a command compares', async () => {
    const history = await open();
    const shown = { redact: true, zone: 'utc' } as const;
    for (const left of keys) {
      for (const right of keys) {
        const question = { key: right, baseline: picked(left), shown, longest: bodyLimits.longest };
        const { part } = await history.compare(question, noSignal);
        assert.equal(await history.comparedPart(left, right), part, `${left} ${right}`);
      }
    }
    await assert.rejects(history.comparedPart('stop', 'none'), UserError);
  });

  it('ends when it is cancelled', async () => {
    const history = await open();
    const abort = new AbortController();
    const shown = { redact: true, zone: 'utc' } as const;
    const question = { key: 'resize', baseline: { type: 'previous' }, shown, longest: bodyLimits.longest } as const;
    const asked = history.compare(question, abort.signal);
    abort.abort();
    await assert.rejects(asked, isCancelled);
  });

  it('says that a picked event is gone', async () => {
    await assert.rejects(compare('again', { baseline: picked('none') }), UserError);
  });

  it('compares request against response', async () => {
    const { left, right, baseline } = await compare('stop', { baseline: { type: 'parts' } });
    assert.deepEqual([left?.kind, right.kind, baseline], ['json', 'empty', undefined]);
  });

  it('puts keys in order and opens JSON in strings', async () => {
    const { left } = await compare('resize', { redact: false });
    assert.ok(left?.kind === 'json');
    assert.match(left.text, /"a": \t\{\n {6}"z": 1\n {4}\},\n {4}"adminPass": "one",\n {4}"b": 1/);
  });

  it('numbers what masks hide, equal secrets alike, and gives none away', async () => {
    const changed = await compare('resize');
    assert.deepEqual(changed.masked, { left: [0], right: [1] });
    const kept = await compare('again');
    assert.deepEqual(kept.masked, { left: [0], right: [0] });
    const type = await compare('again', { part: 'response' });
    assert.deepEqual(type.masked, { left: [0], right: [1] });
    assert.ok(!/one|two/.test(JSON.stringify([changed, kept, type])));
    assert.deepEqual((await compare('resize', { redact: false })).masked, { left: [], right: [] });
  });

  it('says when an earlier event may be missing', async () => {
    const [whole, half] = [
      { from: 0, to: 4 * hour },
      { from: 0, to: 2 * hour },
    ];
    for (const [covered, gap] of [
      [{ '': [whole] }, false],
      [{ nova: [whole] }, false],
      [{ '': [half], nova: [{ from: 2 * hour, to: 3 * hour }] }, false],
      [{ '': [half] }, true],
      [
        {
          '': [
            { from: 0, to: hour },
            { from: hour + minute, to: 4 * hour },
          ],
        },
        true,
      ],
      [{ neutron: [whole] }, true],
      [{}, true],
    ] as const) {
      assert.equal((await compare('resize', { covered })).gap, gap, JSON.stringify(covered));
    }
  });

  it('takes the last two minutes of a load for loaded, though they do not count as complete yet', async () => {
    for (const [before, gap] of [
      [minute, false],
      [2 * minute, false],
      [2 * minute + 1, true],
    ] as const) {
      const covered = { '': [{ from: 0, to: 3 * hour - before }] };
      assert.equal((await compare('resize', { covered })).gap, gap, String(before));
    }
  });
});
