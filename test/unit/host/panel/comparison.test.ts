import assert from 'node:assert/strict';
import { presentBodyUpTo } from '../../../../src/core/event/body';
import { UserError } from '../../../../src/core/base/errors';
import type { ActivityEvent, EventSummary } from '../../../../src/core/event/event';
import type { Range } from '../../../../src/core/time/range';
import { compareBodies } from '../../../../src/host/panel/comparison';
import type { History } from '../../../../src/history/history';
import type { Baseline, ComparedPart, Comparison } from '../../../../src/protocol/panel';

/** The life of one resource, oldest first: request and response of each event. */
const life: Readonly<Record<string, readonly [request: string, response: string]>> = {
  create: ['{"server":{"b":1,"a":"{\\"z\\":1}","adminPass":"one"}}', '{"server":{"id":"s","adminPass":"1"}}'],
  stop: ['{}', ''],
  start: ['  ', '<BINARY_DATA>'],
  resize: ['{"server":{"a":2,"adminPass":"two","name":"x"}}', ''],
  again: ['{"server":{"a":3,"adminPass":"two"}}', '{"server":{"id":"s","adminPass":1}}'],
  remove: ['', ''],
};
const keys = Object.keys(life);
const hour = 3_600_000;

class MadeHistory implements Pick<History, 'summary' | 'bodyUpTo' | 'neighbours' | 'coverage'> {
  constructor(private readonly covered: Readonly<Record<string, Range[]>> = {}) {}

  summary: History['summary'] = (key) => Promise.resolve(keys.includes(key) ? summarize(key) : undefined);
  bodyUpTo: History['bodyUpTo'] = (key, part, options, longest) => {
    const bodies = life[key];
    const record: ActivityEvent = { event_id: key, request_body: bodies?.[0] ?? '', response_body: bodies?.[1] ?? '' };
    return Promise.resolve(bodies && presentBodyUpTo(record, part, options, longest));
  };
  neighbours: History['neighbours'] = (key, _resource, limit) =>
    Promise.resolve({
      previous: keys.slice(0, keys.indexOf(key)).reverse().slice(0, limit).map(summarize),
      next: [],
    });
  coverage: History['coverage'] = (stream) => Promise.resolve(this.covered[stream] ?? []);
}

function summarize(key: string): EventSummary {
  return {
    key,
    eventId: key,
    time: keys.indexOf(key) * hour,
    timestamp: '',
    source: 'nova',
    action: `${key}-vm`,
    outcome: 'success',
    method: 'POST',
    uri: '',
    userEmail: key === 'create' ? '' : 'a@b.test',
    userId: 'u1',
    userAgent: '',
    requestId: '',
    resourceId: 's',
  };
}

async function compare(
  key: string,
  {
    baseline = { type: 'previous' },
    part,
    redact = true,
    covered,
  }: { baseline?: Baseline; part?: ComparedPart; redact?: boolean; covered?: Record<string, Range[]> } = {},
): Promise<Comparison> {
  const history = new MadeHistory(covered) as unknown as History;
  return compareBodies(history, { key, baseline, part }, { redact, zone: 'utc' }, new AbortController().signal);
}

function picked(key: string): Baseline {
  return { type: 'event', event: { key, action: '', outcome: 'unknown', moment: '', time: undefined } };
}

describe('compareBodies', () => {
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
    ] as const) {
      const found = await compare(key, { baseline: picked(other) });
      assert.deepEqual([found.part, found.baseline?.key, found.gap], [part, other, false]);
    }
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
      [{ neutron: [whole] }, true],
      [{}, true],
    ] as const) {
      assert.equal((await compare('resize', { covered: { ...covered } as Record<string, Range[]> })).gap, gap);
    }
  });
});
