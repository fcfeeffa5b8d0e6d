import assert from 'node:assert/strict';
import { fieldChanges } from '../../../../src/core/event/fieldChanges';
import { isChangeOutside } from '../../../../src/core/event/outsideChange';
import type { ActivityEvent } from '../../../../src/core/event/event';

function told(event: ActivityEvent, ...earlier: ActivityEvent[]): string[] {
  return fieldChanges(event, earlier).map(({ path, before, after }) => `${path}: ${before ?? ''} -> ${after}`);
}

const request = (body: unknown, uri = '/v2.1/servers/x'): ActivityEvent => ({
  uri,
  request_body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('changed fields', () => {
  const before: ActivityEvent = {
    request_body: '{"server":{"name":"asked","size":1}}',
    response_body: '{"server":{"name":"web-1","metadata":{"env":"test"},"tags":["a"]}}',
  };

  for (const [what, event, earlier, expected] of [
    ['say what was set where nothing is known before', request({ server: { name: 'a' } }), [], ['name:  -> "a"']],
    [
      'say what it was before, answers before requests',
      request({ server: { name: 'web-2', size: 2, metadata: { env: 'live' } } }),
      [before],
      ['name: "web-1" -> "web-2"', 'size: 1 -> 2', 'metadata.env: "test" -> "live"'],
    ],
    ['leave out what stayed', request({ server: { name: 'web-1', tags: ['a'], size: 1 } }), [before], []],
    ['compare lists whole', request({ server: { tags: ['a', 'b'] } }), [before], ['tags: ["a"] -> ["a","b"]']],
    [
      'take the newest of several',
      request({ server: { name: 'c' } }),
      [request({ server: { name: 'b' } }), before],
      ['name: "b" -> "c"'],
    ],
    [
      'keep the name of an action',
      request({ resize: { flavorRef: 'f2' } }, '/v2.1/servers/x/action'),
      [],
      ['resize.flavorRef:  -> "f2"'],
    ],
    [
      'tell an action that is done again',
      request({ reboot: { type: 'SOFT' } }, '/v2.1/servers/x/action'),
      [request({ reboot: { type: 'SOFT' } }, '/v2.1/servers/x/action')],
      ['reboot.type:  -> "SOFT"'],
    ],
    [
      'take an action without values',
      request({ 'os-start': null }, '/v2.1/servers/x/action'),
      [],
      ['os-start:  -> null'],
    ],
    ['do not cover what is no JSON object', request('<BINARY_DATA>'), [], []],
    ['nor what is cut off', request('{"server":{"name":'), [], []],
    ['nor a list', request([1]), [], []],
    ['nor what is not there', { uri: '/x' }, [], []],
  ] as const) {
    it(what, () => assert.deepEqual(told(event, ...earlier), expected));
  }

  it('hold no secret, and are cut', () => {
    const event = request({
      server: { adminPass: 'hunter-two', name: 'x'.repeat(500), user_data: 'aGVsbG8gd29ybGQ=' },
    });
    const text = told(event).join('\n');
    assert.ok(!text.includes('hunter-two') && !text.includes('aGVsbG8'), text);
    assert.ok(text.length < 300, text);
  });

  it('stand hostile bodies', () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    assert.ok(told(request(deep)).length <= 1);
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index]));
    assert.equal(told(request({ server: wide })).length, 50);
    assert.deepEqual(told(request('{"server":{"__proto__":{"x":1},"constructor":2}}')), [
      '__proto__.x:  -> 1',
      'constructor:  -> 2',
    ]);
  });
});

describe('a change outside Terraform', () => {
  it('is no opening of a console', () => {
    const call = { method: 'POST', action: 'vm-create-console', outcome: 'success', userAgent: 'curl/8' } as const;
    assert.equal(isChangeOutside(call), false);
    assert.equal(isChangeOutside({ ...call, action: 'update-vm' }), true);
  });

  for (const [method, outcome, userAgent, expected] of [
    ['PUT', 'success', 'Mozilla/5.0 (X11) Chrome/120.0', true],
    ['PUT', 'unknown', 'python-novaclient', true],
    ['DELETE', 'success', 'something else', true],
    ['PUT', 'success', 'HashiCorp Terraform/1.4.0 gophercloud/v1', false],
    ['PUT', 'success', 'OpenTofu/1.8', false],
    ['PUT', 'failure', 'curl/8', false],
    ['get', 'success', 'curl/8', false],
    ['PUT', 'success', '', false],
  ] as const) {
    it(`${expected ? 'is' : 'is not'} ${method} ${outcome} of "${userAgent}"`, () =>
      assert.equal(isChangeOutside({ method, action: 'a', outcome, userAgent }), expected));
  }
});
