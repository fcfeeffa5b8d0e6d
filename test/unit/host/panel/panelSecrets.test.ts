import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { fieldText } from '../../../../src/core/event/event';
import { mask } from '../../../../src/core/redact/redact';
import { bodyTextOf, fieldOf } from '../../../../src/host/commands/copiedEvent';
import { createPanelHost, loadPanelEvent, type PanelActions } from '../../../../src/host/panel/panelHost';
import { headerFields } from '../../../../src/protocol/headerFields';
import { readOptions, type PanelHost } from '../../../../src/protocol/panel';
import { noSignal, record, store, Workshop } from '../../history/fixture';

const hidden = (place: string): string => `secret-in-${place}`;

/** An event of one resource that holds a secret in every place. */
function secretive(n: number, timestamp: string): object {
  const texts = ['action', 'source', 'user_email', 'user_id', 'user_agent', 'uri', 'method', 'success'];
  return record(n, {
    ...Object.fromEntries(texts.map((field) => [field, `/v2.1/servers/s?token=${hidden(field)}`])),
    timestamp,
    request_id: 'the same',
    request_body: JSON.stringify({ server: { n, adminPass: hidden(`request-${n}`) } }),
    response_body: JSON.stringify({ server: { id: 's', inner: JSON.stringify({ token: hidden('response') }) } }),
  });
}

describe('the page of the panel', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  it('gets no secret, whatever it asks for, until one is revealed', async () => {
    const history = await workshop.local();
    const times = ['2026-11-01T10:02:00Z', '2026-11-01T10:01:00Z', `never?token=${hidden('timestamp')}`];
    const records = times.map((time, n) => secretive(n, time));
    await store(history, records);
    const keys = records.map((_, n) => fieldText(record(n), 'event_id'));
    const given: unknown[] = [];
    const actions: PanelActions = { run: () => Promise.resolve(), pickEvent: () => Promise.resolve(keys[1]) };
    const events = {
      connection: () => 'c',
      history: () => history,
      zone: () => 'utc' as const,
      redact: () => true,
      addresses: (ids: readonly string[]) => Promise.resolve(ids.map(() => undefined)),
    };
    const page = {
      ready: () => Promise.resolve({ panel: undefined, memory: undefined, options: readOptions(undefined) }),
    };
    const host = createPanelHost(events, actions, page as unknown as PanelHost);

    for (const key of keys) {
      const baselines = [{ type: 'previous' }, { type: 'parts' }, { type: 'event', key: keys[1]! }] as const;
      given.push(await host.pickBaseline(key));
      for (const pretty of [true, false]) {
        for (const part of ['request', 'response', 'event'] as const) {
          for (const whole of [true, false]) given.push(await host.body(key, part, pretty, whole, noSignal));
          given.push(await bodyTextOf(history, key, part, { pretty, redact: true }));
        }
        for (const part of ['request', 'response', 'event'] as const) {
          const answer = await loadPanelEvent(history, { key, first: { part, pretty } }, events);
          assert.ok(answer?.first);
          given.push(answer);
        }
      }
      for (const baseline of baselines) given.push(await host.compare(key, baseline, undefined, noSignal));
      given.push(await host.timeline(key, 's', noSignal), await host.related(key, noSignal));
      for (const field of headerFields) given.push(await fieldOf(history, key, field, true));
    }
    const texts = JSON.stringify(given);
    assert.deepEqual(texts.match(/secret-in-[\w-]+/g), null);
    assert.ok(texts.split(mask).length > 200);
    assert.equal(await host.reveal(keys[0]!, 'request', true, 0), hidden('request-0'));
  });
});
