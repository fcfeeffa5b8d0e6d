import assert from 'node:assert/strict';
import { beginningOf, presentBody, presentBodyUpTo, revealSecret } from '../../../../src/core/event/body';
import { fieldText, type ActivityEvent, type EventSummary } from '../../../../src/core/event/event';
import { UserError } from '../../../../src/core/base/errors';
import { tellEvent } from '../../../../src/core/narrative/eventStory';
import { format } from '../../../../src/core/base/message';
import { redactSummary } from '../../../../src/core/event/redactEvent';
import { summaryOf } from '../../../../src/core/event/summaryOf';
import { mask } from '../../../../src/core/redact/redact';
import { readTime } from '../../../../src/core/time/time';
import { curlOf, markdownOf } from '../../../../src/host/commands/copiedEvent';
import {
  createPanelHost,
  loadPanelEvent,
  type PanelActions,
  type PanelEvents,
} from '../../../../src/host/panel/panelHost';
import type { History } from '../../../../src/history/history';
import { headerFields, readOptions, type PanelHost } from '../../../../src/protocol/panel';

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
    response_body: '{"server":{"id":"s"}}',
  },
  {
    event_id: 'second',
    timestamp: '2026-11-22T15:03:21Z',
    action: 'update-vm',
    success: 'no',
    method: 'PUT',
    uri: '/v2.1/servers/s?note=hunter2-second',
    user_id: 'u1',
    user_email: 'a@b.test',
    user_agent: 'HashiCorp Terraform/1.4.0 (hunter2-second)',
    request_id: 'req-hunter2-second',
    request_body: '{"server":{"a":3,"b":1,"adminPass":"hunter2-second"}}',
    response_body: '',
  },
  {
    event_id: 'third',
    timestamp: 'never',
    uri: '/v2.1/servers/s',
    request_body: '{}',
    response_body: `"${'x'.repeat(16_000_001)}"`,
  },
  { event_id: 'fourth', timestamp: 'never', request_body: `"${'y'.repeat(300_000)}"` },
];

function summarize(record: ActivityEvent): EventSummary {
  return { ...summaryOf(record, readTime(fieldText(record, 'timestamp'))), resourceId: 's' };
}

/** What the panel asks of a history, over {@link records}. */
class MadeHistory implements Pick<
  History,
  'summary' | 'body' | 'bodyUpTo' | 'bodyBeginning' | 'reveal' | 'neighbours' | 'coverage' | 'story'
> {
  coverage: History['coverage'] = () => Promise.resolve([]);
  readonly #find = (key: string): ActivityEvent | undefined => records.find((record) => record['event_id'] === key);

  summary: History['summary'] = (key, redact = false) => {
    const record = this.#find(key);
    const summary = record && summarize(record);
    return Promise.resolve(summary && redact ? redactSummary(summary, record) : summary);
  };
  story: History['story'] = (key) => {
    const record = this.#find(key);
    return Promise.resolve(record && tellEvent(record));
  };
  body: History['body'] = (key, part, options) => {
    const record = this.#find(key);
    return Promise.resolve(record && presentBody(record, part, options));
  };
  bodyUpTo: History['bodyUpTo'] = (key, part, options, longest) => {
    const record = this.#find(key);
    return Promise.resolve(record && presentBodyUpTo(record, part, options, longest));
  };
  bodyBeginning: History['bodyBeginning'] = async (key, part, options, { longest, beginning }) => {
    const body = await this.bodyUpTo(key, part, options, longest);
    return body && body.kind !== 'tooLarge' ? beginningOf(body, beginning) : body;
  };
  reveal: History['reveal'] = (key, part, options, index) => {
    const record = this.#find(key);
    return Promise.resolve(record && revealSecret(record, part, options, index));
  };
  neighbours: History['neighbours'] = (key) => {
    const index = records.findIndex((record) => record['event_id'] === key);
    const [previous, next] = [records[index - 1], records[index + 1]];
    const list = (record?: ActivityEvent): EventSummary[] => (record ? [summarize(record)] : []);
    return Promise.resolve({ previous: list(previous), next: list(next) });
  };
}

const history = new MadeHistory() as unknown as History;
const signal = new AbortController().signal;

function setUp(change: Partial<PanelEvents> = {}): { host: PanelHost; events: PanelEvents; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]): Promise<void> => {
      calls.push([name, ...args]);
      return Promise.resolve();
    };
  const actions: PanelActions = {
    openBody: note('openBody'),
    compareEvents: note('compareEvents'),
    pickEvent: () => Promise.resolve('first'),
    goToUri: note('goToUri'),
    showResourceHistory: note('showResourceHistory'),
    showCode: note('showCode'),
    findEvents: note('findEvents'),
    copyAsCurl: note('copyAsCurl'),
    copyAsMarkdown: note('copyAsMarkdown'),
    copyLink: note('copyLink'),
    copy: note('copy'),
  };
  const events: PanelEvents = {
    connection: () => 'c',
    history: () => history,
    zone: () => 'utc',
    addresses: (ids) => Promise.resolve(ids.map((id) => (id === 's' ? 'vkcs_compute_instance.web[0]' : undefined))),
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

describe('loadPanelEvent', () => {
  it('names the event, its time in the zone and its neighbours', async () => {
    const event = await loadPanelEvent(history, 'second', undefined, setUp().events);
    assert.ok(event);
    assert.equal(event.moment, '2026-11-22 15:03:21');
    assert.equal(event.zone, 'UTC');
    assert.equal(event.outcome, 'failure');
    assert.equal(event.fields.user, 'a@b.test');
    assert.equal(event.agent.kind, 'terraform');
    assert.deepEqual([event.previous?.key, event.next?.key], ['first', 'third']);
    assert.equal(event.next?.moment, 'never');
    assert.equal(format(event.sentence), 'Tried to update server s: a, b, adminPass');
    assert.equal(event.failure, undefined);
  });

  it('names the offset of the local zone at that time', async () => {
    const event = await loadPanelEvent(history, 'second', undefined, setUp({ zone: () => 'local' }).events);
    assert.deepEqual([event?.moment, event?.zone], ['2026-11-22 16:03:21', 'UTC+01:00']);
  });

  it('masks the query and falls back to the user id', async () => {
    const fields = (await loadPanelEvent(history, 'first', undefined, setUp().events))?.fields;
    assert.equal(fields?.uri, '/v2.1/servers?token=••••••');
    assert.equal(fields.user, 'u1');
  });

  it('knows when there is no such event', async () => {
    assert.equal(await loadPanelEvent(history, 'none', undefined, setUp().events), undefined);
  });
});

describe('the host of the panel', () => {
  it('gives no secret to the page until it is revealed, one by one', async () => {
    const { host, calls, events } = setUp();
    const answers = [
      await host.body('first', 'request', true, true, signal),
      await host.body('first', 'event', true, true, signal),
      await host.compare('second', { type: 'previous' }, undefined, signal),
    ];
    await host.copyBody('first', 'event', true);
    for (const key of ['first', 'second']) {
      for (const field of headerFields) await host.copyField(key, field);
      const summary = (await history.summary(key)) ?? assert.fail();
      calls.push([await curlOf(history, summary, format), await markdownOf(history, summary, format)]);
      calls.push([await loadPanelEvent(history, key, undefined, events)]);
    }
    const seen = JSON.stringify([answers, calls]);
    for (const secret of secrets) assert.ok(!seen.includes(secret), secret);
    assert.ok(seen.includes(`/v2.1/servers/s?note=${mask}`) && seen.includes(`Terraform/1.4.0 (${mask})`), seen);
    assert.equal(await host.reveal('first', 'request', true, 0), 'first-secret');
  });

  it('copies an event with what changed since the one before, secrets compared but not told', async () => {
    const summary = (await history.summary('second')) ?? assert.fail();
    const text = await markdownOf(history, summary, format);
    assert.ok(
      text.includes(
        'Request: changes since create-vm, 2026-11-22 14:03:21 UTC, u1\n\n- server.a: 2 → 3\n- server.adminPass: changed (masked)\n',
      ),
      text,
    );
    const first = (await history.summary('first')) ?? assert.fail();
    assert.doesNotMatch(await markdownOf(history, first, format), /changes since/);
  });

  it('has nothing to reveal where nothing is masked', async () => {
    const { host } = setUp({ redact: () => false });
    const body = await host.body('first', 'request', true, true, signal);
    assert.ok(body.kind === 'json' && body.text.includes('first-secret') && body.secrets.length === 0);
  });

  it('gives the beginning of a long body first', async () => {
    const { host } = setUp();
    const text = `"${'y'.repeat(300_000)}"`;
    const beginning = await host.body('fourth', 'request', true, false, signal);
    const whole = await host.body('fourth', 'request', true, true, signal);
    assert.ok('text' in beginning && 'text' in whole);
    assert.deepEqual([beginning.text, beginning.rest], [text.slice(0, 100_000), text.length - 100_000]);
    assert.deepEqual([whole.text, 'rest' in whole], [text, false]);
  });

  it('keeps bodies out of the page that would freeze it', async () => {
    const body = await setUp().host.body('third', 'response', true, true, signal);
    assert.deepEqual(body, { kind: 'tooLarge', length: 16_000_003 });
  });

  it('lets an event be picked', async () => {
    assert.equal((await setUp().host.pickBaseline('second'))?.action, 'create-vm');
  });

  it('says that an event is gone, or that the history is not open', async () => {
    await assert.rejects(setUp().host.body('none', 'request', true, true, signal), UserError);
    await assert.rejects(setUp({ history: () => undefined }).host.copyField('first', 'uri'), UserError);
  });
});
