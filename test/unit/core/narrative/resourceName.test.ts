import assert from 'node:assert/strict';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { completeStory, flavorStated, nameStated } from '../../../../src/core/narrative/resourceName';
import { narrateEvent } from '../../../../src/core/narrative/eventStory';
import { format } from '../../../../src/core/base/message';

const id = 'c6be363f-f56c-4b0e-9d0a-2f5a6f0c7e11';
const call = (method: string, uri: string, request: unknown, response: unknown, success = 'yes'): ActivityEvent => ({
  method,
  uri,
  request_body: JSON.stringify(request),
  response_body: JSON.stringify(response),
  success,
});

describe('nameStated', () => {
  const cases: readonly (readonly [what: string, event: ActivityEvent, name: string | undefined])[] = [
    ['an answer', call('GET', `/v2.1/servers/${id}`, '', { server: { id, name: 'web-3' } }), 'web-3'],
    ['a creation', call('POST', '/v2.1/servers', { server: { name: 'web-3' } }, { server: { id } }), 'web-3'],
    ['a change', call('PUT', `/v2.1/servers/${id}`, { server: { name: 'web-4' } }, ''), 'web-4'],
    ['a change that failed', call('PUT', `/v2.1/servers/${id}`, { server: { name: 'web-4' } }, '', 'no'), undefined],
    [
      'a creation that failed',
      call('POST', '/v2.1/servers', { server: { name: 'w' } }, { server: { id } }, 'no'),
      undefined,
    ],
    [
      'another resource',
      call('POST', '/v2.1/servers', { server: { name: 'w' } }, { server: { id: 'other' } }),
      undefined,
    ],
    ['an action', call('POST', `/v2.1/servers/${id}/action`, { createImage: { name: 'image' } }, ''), undefined],
    [
      'a floating IP',
      call('POST', '/v2.0/floatingips', {}, { floatingip: { id, name: 'x', floating_ip_address: '95.163.1.2' } }),
      '95.163.1.2',
    ],
    ['no JSON', { ...call('PUT', `/v2.1/servers/${id}`, '', ''), request_body: '<BINARY_DATA>' }, undefined],
  ];
  for (const [what, event, name] of cases) it(`knows ${what}`, () => assert.equal(nameStated(event, id), name));

  it('masks secrets', () => {
    const event = call(
      'POST',
      '/v2.1/servers',
      { server: { name: 'hunter2!', adminPass: 'hunter2!' } },
      { server: { id } },
    );
    assert.doesNotMatch(nameStated(event, id) ?? '', /hunter2/);
  });
});

describe('flavorStated', () => {
  const action = `/v2.1/servers/${id}/action`;
  const cases: readonly (readonly [what: string, event: ActivityEvent, flavor: string | undefined])[] = [
    ['a creation', call('POST', '/v2.1/servers', { server: { flavorRef: 'STD2-4' } }, { server: { id } }), 'STD2-4'],
    ['a resize', call('POST', action, { resize: { flavorRef: 'STD4-8' } }, ''), 'STD4-8'],
    ['a resize that failed', call('POST', action, { resize: { flavorRef: 'STD4-8' } }, '', 'no'), undefined],
    ['a resize taken back', call('POST', action, { revertResize: null }, ''), ''],
    ['another action', call('POST', action, { reboot: { type: 'SOFT' } }, ''), undefined],
    [
      'another server',
      call('POST', '/v2.1/servers', { server: { flavorRef: 'x' } }, { server: { id: 'y' } }),
      undefined,
    ],
  ];
  for (const [what, event, flavor] of cases) it(`knows ${what}`, () => assert.equal(flavorStated(event, id), flavor));
});

describe('completeStory', () => {
  const action = (request: unknown, success = 'yes'): ActivityEvent => ({
    ...call('POST', `/v2.1/servers/${id}/action`, request, '', success),
    source: 'nova',
    action: 'vm-action',
  });
  const tell = (event: ActivityEvent, name?: string, flavor?: string): string =>
    format(completeStory(narrateEvent(event), event, { name: () => name, flavor: () => flavor }).sentence);

  it('puts names in place of ids that are cut off, and says what was before', () => {
    const resize = { resize: { flavorRef: 'STD4-8' } };
    const cases: [told: string, expected: string][] = [
      [tell(action(resize)), 'Resized server c6be363f… to flavor STD4-8'],
      [tell(action(resize), 'web-3'), 'Resized server web-3 to flavor STD4-8'],
      [tell(action(resize), 'web-3', 'STD2-4'), 'Resized server web-3 from flavor STD2-4 to STD4-8'],
      [tell(action(resize), 'web-3', ''), 'Resized server web-3 to flavor STD4-8'],
      [tell(action(resize, 'no'), 'web-3', 'STD2-4'), 'Tried to resize server web-3 from flavor STD2-4 to STD4-8'],
    ];
    for (const [told, expected] of cases) assert.equal(told, expected);
  });
});
