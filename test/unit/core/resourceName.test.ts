import assert from 'node:assert/strict';
import type { ActivityEvent } from '../../../src/core/event';
import { nameResources, nameStated } from '../../../src/core/resourceName';
import { tellEvent } from '../../../src/core/eventStory';
import { format } from '../../../src/core/message';

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

describe('nameResources', () => {
  const event = {
    ...call('POST', `/v2.1/servers/${id}/action`, { reboot: { type: 'HARD' } }, ''),
    source: 'nova',
    action: 'vm-action',
  };
  it('puts a name in place of an id that is cut off', () => {
    const story = tellEvent(event);
    assert.match(format(story.sentence), /c6be363f…/);
    const asked: string[] = [];
    const named = nameResources(story, event, (each) => {
      asked.push(each);
      return 'web-3';
    });
    assert.deepEqual(asked, [id]);
    assert.equal(format(named.sentence), format(story.sentence).replace('c6be363f…', 'web-3'));
  });

  it('leaves an id whose name nobody knows', () => {
    const story = tellEvent(event);
    assert.deepEqual(
      nameResources(story, event, () => undefined),
      story,
    );
  });
});
