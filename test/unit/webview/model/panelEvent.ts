import { message } from '../../../../src/core/base/message';
import type { Neighbour, PanelEvent } from '../../../../src/protocol/panel';

export function neighbour(key: string): Neighbour {
  return { key, action: 'vm-action', outcome: 'success', moment: '2026-11-22 14:03:21', time: 1 };
}

/** An event as the page gets it. */
export function panelEvent(key: string, change: Partial<PanelEvent> = {}): PanelEvent {
  return {
    ...neighbour(key),
    fields: {
      action: 'vm-action',
      timestamp: '2026-11-22T14:03:21Z',
      source: 'nova',
      user: 'a@b.test',
      user_agent: '',
      request_id: 'req-1',
      event_id: key,
      method: 'POST',
      uri: '/v2.1/servers',
    },
    zone: 'UTC',
    agent: { kind: 'unknown', name: '' },
    resourceId: undefined,
    sentence: message('Deleted {0}', 'x'),
    failure: undefined,
    previous: undefined,
    next: undefined,
    ...change,
  };
}
