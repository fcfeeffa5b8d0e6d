import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BodyOptions, BodyPart } from '../../../../src/core/event/body';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { UserError } from '../../../../src/core/base/errors';
import { format } from '../../../../src/core/base/message';
import { mask } from '../../../../src/core/redact/redact';
import { bodyTextOf, curlOf, fieldOf, markdownOf } from '../../../../src/host/commands/copiedEvent';
import {
  createPanelHost,
  loadPanelEvent,
  type PanelActions,
  type PanelEvents,
} from '../../../../src/host/panel/panelHost';
import type { BodyLimits, History } from '../../../../src/history/history';
import { headerFields } from '../../../../src/protocol/headerFields';
import { readOptions, type PanelEvent, type PanelHost } from '../../../../src/protocol/panel';
import type { ActionId } from '../../../../src/protocol/panelActions';
import { Lookups } from '../../../../src/history/store/lookups';
import { noSignal, store, Workshop } from '../../history/fixture';

const secrets = ['first-secret', 'hunter2-second', 'token-in-query'];

const records: readonly ActivityEvent[] = [
  {
    event_id: 'first',
    timestamp: '2026-11-22T14:03:21Z',
    action: 'create-vm',
    success: 'yes',
    method: 'POST',
    uri: '/v2.1/servers?token=token-in-query',
    user_id: 'u1',
    request_body: '{"server":{"b":1,"a":2,"adminPass":"first-secret"}}',
    response_body: '{"server":{"id":"s1"}}',
  },
  {
    event_id: 'second',
    timestamp: '2026-11-22T15:03:21Z',
    action: 'update-vm',
    success: 'no',
    method: 'PUT',
    uri: '/v2.1/servers/s1?note=hunter2-second',
    user_id: 'u1',
    user_email: 'a@b.test',
    user_agent: 'HashiCorp Terraform/1.4.0 (hunter2-second)',
    request_id: 'req-hunter2-second',
    request_body: '{"server":{"a":3,"b":1,"adminPass":"hunter2-second"}}',
    response_body: '',
  },
  {
    event_id: 'third',
    timestamp: '2026-11-22T16:03:21Z',
    uri: '/v2.1/servers/s1',
    request_body: '{}',
    response_body: `"${'x'.repeat(16_000_001)}"`,
  },
  { event_id: 'fourth', timestamp: 'never', request_body: `"${'y'.repeat(300_000)}"` },
];

let history: History;

/** The event as the panel gets it. */
async function load(key: string, events: PanelEvents): Promise<PanelEvent | undefined> {
  return (await loadPanelEvent(history, { key }, events))?.event;
}

function setUp(change: Partial<PanelEvents> = {}): { host: PanelHost; events: PanelEvents; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]): Promise<void> => {
      calls.push([name, ...args]);
      return Promise.resolve();
    };
  const actions: PanelActions = { run: note('run'), pickEvent: () => Promise.resolve('first') };
  const events: PanelEvents = {
    connection: () => 'c',
    history: () => history,
    zone: () => 'utc',
    addresses: (ids) => Promise.resolve(ids.map((id) => (id === 's1' ? 'vkcs_compute_instance.web[0]' : undefined))),
    redact: () => true,
    ...change,
  };
  return {
    host: createPanelHost(events, actions, {
      ready: () =>
        Promise.resolve({
          panel: undefined,
          memory: undefined,
          language: 'en',
          bundle: {},
          options: readOptions(undefined),
        }),
      remember: () => undefined,
      rememberOptions: () => undefined,
      openEvent: note('openEvent'),
      walk: note('walk'),
      go: note('go'),
    }),
    events,
    calls,
  };
}

describe('The panel of an event', () => {
  const workshop = new Workshop();
  before(async () => {
    history = await workshop.local();
    await store(history, records.toReversed());
  });
  after(() => workshop.cleanUp());

  describe('loadPanelEvent', () => {
    it('names the event, its time in the zone, its neighbours and what code calls its resource', async () => {
      const event = await load('second', setUp().events);
      assert.ok(event);
      assert.equal(event.moment, '2026-11-22 15:03:21');
      assert.equal(event.zone, 'UTC');
      assert.equal(event.outcome, 'failure');
      assert.equal(event.fields.user, 'a@b.test');
      assert.equal(event.agent.kind, 'terraform');
      assert.deepEqual([event.previous?.key, event.next?.key], ['first', 'third']);
      assert.equal(event.next?.moment, '2026-11-22 16:03:21');
      assert.equal(format(event.sentence), 'Tried to update server s1: a, b, adminPass');
      assert.equal(event.failure, undefined);
      assert.deepEqual([event.resourceId, event.address], ['s1', 'vkcs_compute_instance.web[0]']);
    });

    it('names the offset of the local zone at that time', async () => {
      const event = await load('second', setUp({ zone: () => 'local' }).events);
      assert.deepEqual([event?.moment, event?.zone], ['2026-11-22 16:03:21', 'UTC+01:00']);
    });

    it('gives the time as received where nobody can read it', async () => {
      const event = await load('fourth', setUp().events);
      assert.deepEqual([event?.moment, event?.zone, event?.previous, event?.next], ['never', '', undefined, undefined]);
    });

    it('masks the query and falls back to the user id', async () => {
      const fields = (await load('first', setUp().events))?.fields;
      assert.equal(fields?.uri, '/v2.1/servers?token=••••••');
      assert.equal(fields.user, 'u1');
    });

    it('brings the first body along where it is small, and begins with the next question where it is not', async () => {
      const { events } = setUp();
      const begun: string[] = [];
      const { bodyBeginning } = history;
      Object.assign(history, {
        bodyBeginning: (key: string, ...rest: [BodyPart, BodyOptions, BodyLimits]) => {
          begun.push(key);
          return bodyBeginning(key, ...rest);
        },
      });
      const first = { part: 'request', pretty: false } as const;
      const small = await loadPanelEvent(history, { key: 'first', first }, events);
      assert.equal(small?.first?.part, 'request');
      assert.ok(small.first.body.kind === 'json' && small.first.body.text.includes(mask));
      const large = await loadPanelEvent(history, { key: 'fourth', first }, events);
      assert.deepEqual([large?.event.key, large?.first], ['fourth', undefined]);
      assert.equal((await loadPanelEvent(history, { key: 'first' }, events))?.first, undefined);
      await nextTurn();
      Object.assign(history, { bodyBeginning });
      assert.deepEqual(begun, ['fourth']);
    });

    it('knows when there is no such event', async () => {
      assert.equal(await load('none', setUp().events), undefined);
    });
  });

  describe('What the panel shows', () => {
    it('takes one question to the history each, and one look-up of the event', async () => {
      const asked: string[] = [];
      const noting = new Proxy(history, {
        get: (target, name: keyof History) => {
          asked.push(name);
          return (target[name] as () => unknown).bind(target);
        },
      });
      const { find } = Lookups.prototype;
      Lookups.prototype.find = function (sort, ...texts) {
        if (sort === 'key') asked.push(...texts);
        return find.call(this, sort, ...texts);
      };
      try {
        const { events, host } = setUp({ history: () => noting });
        await loadPanelEvent(noting, { key: 'second', first: { part: 'request', pretty: true } }, events);
        await host.timeline('second', 's1', noSignal);
        await host.related('second', noSignal);
        await host.compare('second', { type: 'previous' }, undefined, noSignal);
      } finally {
        Lookups.prototype.find = find;
      }
      const questions = ['panelEvent', 'timeline', 'related', 'compare'];
      assert.deepEqual(
        asked,
        questions.flatMap((question) => [question, 'second']),
      );
    });
  });

  describe('the host of the panel', () => {
    it('gives no secret to the page until it is revealed, one by one', async () => {
      const { host, calls, events } = setUp();
      const answers = [
        await host.body('first', 'request', true, true, noSignal),
        await host.body('first', 'event', true, true, noSignal),
        await host.compare('second', { type: 'previous' }, undefined, noSignal),
      ];
      calls.push([await bodyTextOf(history, 'first', 'event', { pretty: true, redact: true })]);
      for (const key of ['first', 'second']) {
        for (const field of headerFields) calls.push([await fieldOf(history, key, field, true)]);
        calls.push([await curlOf(history, key, format), await markdownOf(history, key, format)]);
        calls.push([await load(key, events)]);
      }
      const seen = JSON.stringify([answers, calls]);
      for (const secret of secrets) assert.ok(!seen.includes(secret), secret);
      assert.ok(seen.includes(`/v2.1/servers/s1?note=${mask}`) && seen.includes(`Terraform/1.4.0 (${mask})`), seen);
      assert.equal(await host.reveal('first', 'request', true, 0), 'first-secret');
    });

    it('copies an event with what changed since the one before, secrets compared but not told', async () => {
      const text = await markdownOf(history, 'second', format);
      assert.ok(
        text.includes(
          'Request: changes since create-vm, 2026-11-22 14:03:21 UTC, u1\n\n- server.a: 2 → 3\n- server.adminPass: changed (masked)\n',
        ),
        text,
      );
      assert.doesNotMatch(await markdownOf(history, 'first', format), /changes since/);
      await assert.rejects(markdownOf(history, 'none', format), /There is no event "none"/);
    });

    it('has nothing to reveal where nothing is masked', async () => {
      const { host } = setUp({ redact: () => false });
      const body = await host.body('first', 'request', true, true, noSignal);
      assert.ok(body.kind === 'json' && body.text.includes('first-secret') && body.secrets.length === 0);
    });

    it('gives the beginning of a long body first', async () => {
      const { host } = setUp();
      const text = `"${'y'.repeat(300_000)}"`;
      const beginning = await host.body('fourth', 'request', true, false, noSignal);
      const whole = await host.body('fourth', 'request', true, true, noSignal);
      assert.ok('text' in beginning && 'text' in whole);
      assert.deepEqual([beginning.text, beginning.rest], [text.slice(0, 100_000), text.length - 100_000]);
      assert.deepEqual([whole.text, 'rest' in whole], [text, false]);
    });

    it('keeps bodies out of the page that would freeze it', async () => {
      const body = await setUp().host.body('third', 'response', true, true, noSignal);
      assert.deepEqual(body, { kind: 'tooLarge', length: 16_000_003 });
    });

    it('lets an event be picked', async () => {
      assert.equal(await setUp().host.pickBaseline('second'), 'first');
    });

    it('starts for the page what is declared, told nothing beside what is declared', async () => {
      const { host, calls } = setUp();
      const start = (id: string, argument: unknown): unknown => host.run(id as ActionId, argument);
      await start('openBody', { eventId: 'first', part: 'request', path: '/etc/passwd', kind: 'event' });
      assert.deepEqual(calls, [['run', 'openBody', { eventId: 'first', part: 'request' }]]);
      for (const [id, argument] of [
        ['clearHistory', {}],
        ['constructor', {}],
        ['openBody', { eventId: 'first', part: 'all' }],
        ['openBody', { part: 'request' }],
        ['setFilter', { query: ['x'] }],
        ['copyLink', undefined],
      ] as const) {
        assert.throws(() => start(id, argument), TypeError, id);
      }
      assert.equal(calls.length, 1);
    });

    it('says that an event is gone, or that the history is not open', async () => {
      await assert.rejects(setUp().host.body('none', 'request', true, true, noSignal), UserError);
      await assert.rejects(setUp({ history: () => undefined }).host.reveal('first', 'request', true, 0), UserError);
    });
  });
});
