import assert from 'node:assert/strict';
import { fieldText, type ActivityEvent } from '../../../src/core/event/event';
import { redactEvent } from '../../../src/core/event/redactEvent';
import { RequestError } from '../../../src/core/base/errors';
import { idOf } from '../../../src/sample/random';
import { sampleEvents } from '../../../src/sample/sampleEvents';
import { sampleSource } from '../../../src/sample/sampleSource';

const now = Date.parse('2026-03-29T01:23:45.678Z');
const day = 86_400_000;
const events = sampleEvents(now);
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const timeOf = (event: ActivityEvent) => Date.parse(fieldText(event, 'timestamp'));
const all = (field: string) => new Set(events.map((event) => fieldText(event, field)));
const about = (id: string) => events.filter((event) => JSON.stringify(event).includes(id));

describe('the sample', () => {
  it('is the same every time, and for another now differs in nothing but its timestamps', () => {
    assert.deepEqual(sampleEvents(now), events);
    const later = sampleEvents(now + 5 * day);
    assert.equal(timeOf(later[0] ?? {}) - timeOf(events[0] ?? {}), 5 * day);
    const timeless = (list: ActivityEvent[]) => list.map((event) => ({ ...event, timestamp: '' }));
    assert.deepEqual(timeless(later), timeless(events));
  });

  it('holds some 2,000 events of the last 30 days, newest first, in whole seconds', () => {
    assert.ok(events.length >= 1900 && events.length <= 2100, `${events.length} events`);
    const times = events.map(timeOf);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
    assert.ok((times[0] ?? 0) < now && (times[0] ?? 0) > now - 3_600_000, 'something happened in the last hour');
    assert.ok((times.at(-1) ?? 0) > now - 30 * day && (times.at(-1) ?? 0) < now - 29 * day);
    for (const event of events) assert.match(fieldText(event, 'timestamp'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('gives every event the documented fields as texts, and an id of its own', () => {
    assert.equal(new Set(events.map((event) => event['event_id'])).size, events.length);
    for (const event of events) {
      for (const value of Object.values(event)) assert.equal(typeof value, 'string');
      assert.match(fieldText(event, 'event_id'), new RegExp(`^${uuid.source}$`));
      assert.match(fieldText(event, 'request_id'), new RegExp(`^req-${uuid.source}$`));
      assert.match(fieldText(event, 'user_id'), /^[0-9a-f]{32}$/);
      assert.match(fieldText(event, 'method'), /^(GET|POST|PUT|PATCH|DELETE)$/);
      assert.match(fieldText(event, 'uri'), /^\/v[\d.]+\/\S+$/);
      assert.match(fieldText(event, 'success'), /^(yes|no)$/);
    }
  });

  it('comes from all six components and others, an empty and an unknown one too', () => {
    const sources = all('source');
    for (const source of [
      'nova',
      'cinder',
      'karbor',
      'neutron',
      'glance',
      'octavia',
      'magnum',
      'dbaas',
      'dns',
      'new',
      '',
    ])
      assert.ok(sources.has(source), source);
  });

  it('shows the documented actions', () => {
    const actions = all('action');
    const documented =
      'create-vm delete-vm update-vm vm-action vm-create-console vm-attach-interface vm-detach-interface vm-attach-volume ' +
      'vm-detach-volume keypair-create keypair-delete server-groups-create create-volume delete-volume extend-volume-size ' +
      'create-snapshot create-backup restore-backup action-volume create-subnet update-security-group ' +
      'create-security-group-rule create-floating-ip create-router create-load-balancer update-load-balancer ' +
      'delete-load-balancer-cascade create-listener create-pool batch-update-members create-l7-policy unknown';
    assert.deepEqual(
      documented.split(' ').filter((action) => !actions.has(action)),
      [],
    );
  });

  it('follows web-1 through its resizes and api-1 from its first failed start to its end', () => {
    const life = (name: string) =>
      about(idOf(name))
        .map((event) => `${fieldText(event, 'action')} ${fieldText(event, 'success')}`)
        .reverse();
    assert.ok(life('server web-1').length >= 30);
    const api = life('server api-1');
    assert.equal(api[0], 'create-vm yes');
    assert.equal(api.at(-1), 'delete-vm yes');
    assert.ok(api.length >= 12);
    const flavors = about(idOf('server api-1')).flatMap(
      (event) => /"flavorRef":"([^"]+)"/.exec(fieldText(event, 'request_body'))?.[1] ?? [],
    );
    assert.deepEqual(flavors, ['STD8-16-32', 'STD4-8-16', 'STD2-2-4']);
  });

  it('names no resource only once in a path: each can be followed', () => {
    const mentions = new Map<string, number>();
    for (const event of events) {
      for (const id of new Set(JSON.stringify(event).match(uuid))) mentions.set(id, (mentions.get(id) ?? 0) + 1);
    }
    const lonely = events
      .filter((event) => event['success'] === 'yes')
      .flatMap((event) => fieldText(event, 'uri').match(uuid) ?? [])
      .filter((id) => (mentions.get(id) ?? 0) < 2);
    assert.deepEqual(lonely, []);
  });

  it('uses no resource before it is made nor after it is gone', () => {
    const gone = new Set<string>();
    const made = new Set<string>();
    for (const event of events.toReversed()) {
      const { method, uri, success } = event as Record<string, string>;
      const id = /\/(?:servers|ports|volumes|snapshots|backups|floatingips|images)\/([^/?]+)/.exec(uri ?? '')?.[1];
      if (success !== 'yes') continue;
      if (id) {
        assert.ok(made.has(id), `${method} ${uri} before its creation`);
        assert.ok(!gone.has(id), `${method} ${uri} after its deletion`);
      }
      if (id && method === 'DELETE' && uri?.endsWith(id)) gone.add(id);
      if (method === 'POST')
        for (const found of fieldText(event, 'response_body').matchAll(/"id":"([^"]+)"/g)) made.add(found[1] ?? '');
    }
    assert.ok(gone.size > 300);
  });

  it('holds secrets to mask, of every documented sort', () => {
    const text = JSON.stringify(events);
    for (const secret of [
      'adminPass',
      'private_key',
      'user_data',
      'password',
      'root_password',
      'psk',
      '%3Ftoken%3D',
      '?token=',
    ])
      assert.ok(text.includes(secret), secret);
  });

  it('shows none of its secrets once they are masked', () => {
    const raw = events.map((event) => JSON.stringify(event)).join('\n');
    const masked = JSON.stringify(events.map(redactEvent));
    for (const secret of [
      /\\"(?:adminPass|\w*password|psk|user_data)\\":\\"([^"\\]+)/g,
      /(?:\?token=|%3Ftoken%3D|    token: )([\w-]+)/g,
      /PRIVATE KEY-----\\\\n(\w+)/g,
    ]) {
      const found = [...raw.matchAll(secret)].map((match) => match[1] ?? '');
      assert.ok(found.length > 25, `${found.length} of ${secret.source}`);
      assert.deepEqual(
        found.filter((value) => masked.includes(value)),
        [],
      );
    }
  });

  it('holds bodies of every kind: JSON, none, binary, plain text, HTML and cut off', () => {
    const kinds = new Set<string>();
    for (const event of events) {
      for (const field of ['request_body', 'response_body']) {
        const text = fieldText(event, field);
        if (text === '' || text === '{}' || text === '<BINARY_DATA>') kinds.add(text);
        else if (text.startsWith('<html>')) kinds.add('html');
        else if (/^[[{]/.test(text)) kinds.add(isJson(text) ? 'json' : 'cut off');
        else kinds.add('text');
      }
    }
    assert.deepEqual([...kinds].sort(), ['', '<BINARY_DATA>', 'cut off', 'html', 'json', 'text', '{}'].sort());
  });

  it('has people and machines: users without an address, calls without an agent, each kind of agent', () => {
    assert.ok(events.some((event) => event['user_email'] === undefined && event['user_agent'] !== undefined));
    assert.ok(events.some((event) => event['user_agent'] === undefined));
    const agents = [...all('user_agent')].join('\n');
    for (const agent of ['Terraform', 'Mozilla', 'axios', 'python-novaclient', 'gophercloud', 'openstacksdk'])
      assert.ok(agents.includes(agent), agent);
    for (const email of all('user_email')) assert.match(email, /^$|^[a-z-]+@example\.test$/);
  });

  it('fails now and then, with a reason in the answer', () => {
    const failed = events.filter((event) => event['success'] === 'no');
    assert.ok(failed.length >= 30 && failed.length <= 100, `${failed.length} failures`);
    for (const event of failed) assert.notEqual(fieldText(event, 'response_body'), '');
    for (const reason of ['"code":403', '"code":409', 'Quota exceeded', 'NeutronError', 'faultstring', 'overLimit'])
      assert.ok(
        failed.some((event) => fieldText(event, 'response_body').includes(reason)),
        reason,
      );
  });
});

describe('the sample as a source', () => {
  const source = sampleSource(now, () => Promise.resolve());
  const whole = { component: undefined, from: now - 30 * day, to: now, marker: undefined, limit: 1000 };
  const never = new AbortController().signal;
  const read = async (request: Partial<typeof whole> | { component?: string; marker?: string }) =>
    JSON.parse(new TextDecoder().decode(await source.page({ ...whole, ...request }, never))) as {
      logs: ActivityEvent[];
      marker?: string;
    };

  it('gives all events page by page and ends without a marker', async () => {
    const got: ActivityEvent[] = [];
    let marker: string | undefined;
    do {
      const page: { logs: ActivityEvent[]; marker?: string } = await read({
        ...(marker ? { marker } : {}),
        limit: 300,
      });
      assert.ok(page.logs.length > 0 && page.logs.length <= 300);
      got.push(...page.logs);
      marker = page.marker;
    } while (marker);
    assert.deepEqual(got, events);
  });

  it('honours the component, an empty one too', async () => {
    for (const component of ['cinder', '']) {
      const { logs } = await read({ component });
      assert.deepEqual(
        logs,
        events.filter((event) => event['source'] === component),
      );
      assert.ok(logs.length > 0);
    }
    assert.deepEqual(await read({ component: 'manila' }), { logs: [] });
  });

  it('honours both ends of the range, inclusively', async () => {
    const middle = timeOf(events[700] ?? {});
    const { logs } = await read({ from: middle, to: middle });
    assert.ok(logs.length >= 1);
    for (const event of logs) assert.equal(timeOf(event), middle);
  });

  it('refuses a marker it did not give, and stops when cancelled', async () => {
    await assert.rejects(
      read({ marker: 'x' }),
      (error: unknown) => error instanceof RequestError && error.failure === 'badRequest',
    );
    await assert.rejects(source.page(whole, AbortSignal.abort()), { name: 'AbortError' });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
