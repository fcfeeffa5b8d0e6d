import assert from 'node:assert/strict';
import fc from 'fast-check';
import { presentBody, type BodyUpTo } from '../../../../src/core/event/body';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { summaryOf } from '../../../../src/core/event/summaryOf';
import type { ChangedValue } from '../../../../src/core/diff/changedValues';
import type { EventChanges } from '../../../../src/core/format/changesMarkdown';
import { eventMarkdown } from '../../../../src/core/format/eventMarkdown';
import { narrateEvent } from '../../../../src/core/narrative/eventStory';
import { format } from '../../../../src/core/base/message';
import { mask } from '../../../../src/core/redact/redact';

function markdownOf(
  event: ActivityEvent,
  bodies: Partial<Record<'request' | 'response', BodyUpTo>> = {},
  changes?: EventChanges,
): string {
  const body = (part: 'request' | 'response'): BodyUpTo => bodies[part] ?? presentBody(event, part, { redact: true });
  const both = { request: body('request'), response: body('response') };
  return eventMarkdown(summaryOf(event, undefined), narrateEvent(event), both, changes, format);
}

const failed: ActivityEvent = {
  event_id: 'e-1',
  timestamp: '2026-11-22T14:03:21Z',
  source: 'nova',
  action: 'vm-action',
  success: 'no',
  method: 'POST',
  uri: '/v2.1/servers/c6be7a10-1f7c-4f8e-9d0a-2b6f0e5a7d11/action?token=hunter2',
  user_email: 'ivan@example.test',
  request_id: 'req-1',
  request_body: '{"changePassword":{"adminPass":"Hunter2-x"}}',
  response_body: '{"badRequest":{"message":"Hunter2-x is too weak, see https://evil.test"}}',
};

describe('eventMarkdown', () => {
  it('tells sentence, error, fields and bodies, without secrets', () => {
    assert.equal(
      markdownOf(failed),
      `**Tried to set a new administrator password on server c6be7a10…**

> Error: ${mask} is too weak, see https:<!-- -->//evil.test

| | |
| --- | --- |
| Action | vm-action |
| Outcome | failed |
| Time | 2026-11-22T14:03:21Z |
| Component | nova |
| User | ivan@<!-- -->example.test |
| Address | POST /v2.1/servers/c6be7a10-1f7c-4f8e-9d0a-2b6f0e5a7d11/action?token=${mask} |
| Request id | req-1 |
| Event id | e-1 |

Request

\`\`\`json
{
  "changePassword": {
    "adminPass": "${mask}"
  }
}
\`\`\`

Response

\`\`\`json
{
  "badRequest": {
    "message": "${mask} is too weak, see https://evil.test"
  }
}
\`\`\`

`,
    );
  });

  const since = 'create-vm, 2026-11-22 14:03:21 UTC, ivan@example.test';
  const changed = (part: Partial<ChangedValue>): ChangedValue => ({
    kind: 'changed',
    path: 'server.flavorRef',
    left: 'STD2-4',
    right: 'STD4-8',
    masked: false,
    ...part,
  });

  it('lists what changed', () => {
    const values = [
      changed({}),
      changed({ path: 'server.adminPass', left: mask, right: mask, masked: true }),
      changed({ kind: 'added', path: 'server.tags[0]', left: undefined, right: '"a|b"' }),
      changed({ kind: 'removed', path: 'server["x y"]', left: '{ "a": 1 }', right: undefined }),
      changed({ kind: 'order', path: 'server.groups', left: undefined, right: undefined }),
    ];
    const text = markdownOf(failed, {}, { part: 'request', since, values, gap: true });
    assert.ok(
      text.includes(`| Event id | e-1 |

Request: changes since create-vm, 2026-11-22 14:03:21 UTC, ivan@<!-- -->example.test

- server.flavorRef: STD2-4 → STD4-8
- server.adminPass: changed (masked)
- server.tags\\[0\\]: added "a\\|b"
- server\\["x y"\\]: removed { "a": 1 }
- server.groups: order changed

Not all of the time in between is loaded: an earlier event may be missing.

Request

`),
      text,
    );
    assert.match(
      markdownOf(failed, {}, { part: 'response', since, values: [], gap: false }),
      /\n\nNo differences\.\n\n/,
    );
    const many = Array.from({ length: 100 }, () => changed({}));
    const long = markdownOf(failed, {}, { part: 'event', since, values: many, gap: false });
    assert.match(long, /(?:- server\.flavorRef: .*\n){30}- 70 more\n/);
  });

  it('cuts long bodies and says so', () => {
    const text = markdownOf({ success: 'yes', request_body: 'x'.repeat(50_000), response_body: '<BINARY_DATA>' });
    assert.ok(text.length < 12_000);
    assert.match(text, /Request \(the first 10000 of 50000 characters\)\n\n```\nx/);
    assert.match(text, /Response \(binary data\)/);
    const large = markdownOf({ success: 'yes' }, { response: { kind: 'tooLarge', length: 5_000_000 } });
    assert.match(large, /Response \(5000000 characters, left out\)/);
  });

  it('lets nothing out of its place', () => {
    const piece = fc.constantFrom(
      ...[
        '```',
        '`',
        '\n',
        '\r',
        '|',
        '<b>',
        '-->',
        '<!--',
        '](x)',
        '[a',
        '![',
        '@all',
        '#12',
        '~~~',
        '\\',
        '$x$',
        '**',
      ],
      ...['http://e', 'www.e.test', 'a@b.test', '&nbsp;', '\u202e', '\ud800', '> ', 'x', ' '],
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const fields = ['action', 'source', 'uri', 'user_email', 'event_id', 'request_body', 'method'] as const;
    fc.assert(
      fc.property(fc.tuple(...fields.map(() => text)), text, text, (values, said, value) => {
        const event = Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']));
        const response_body = JSON.stringify({ badRequest: { message: said } });
        const listed = [changed({ path: `a${value}`, left: value, right: said })];
        const changes: EventChanges = { part: 'request', since: said, values: listed, gap: false };
        const lines = markdownOf({ ...event, success: 'no', response_body }, {}, changes).split('\n');
        let fence: string | undefined;
        for (const line of lines) {
          const mark = /^(`{3,})(?:json)?$/.exec(line)?.[1];
          if (fence !== undefined) {
            if (mark === fence) fence = undefined;
            else assert.ok(!line.startsWith(fence), line);
          } else if (mark !== undefined) fence = mark;
          else {
            const outside = line.replaceAll('<!-- -->', '\u0000');
            assert.ok(!/<|&(?!(?:amp|lt|gt);)|(?<!\\)[`[\]~$]|:\/\/|www\.|@\w/i.test(outside), line);
            assert.ok(!outside.startsWith('|') || outside.replace(/\\[^]/g, '').split('|').length === 4, line);
          }
          assert.ok(!/[\u202e\ud800]/.test(line));
        }
        assert.equal(fence, undefined);
      }),
      { numRuns: 1000 },
    );
  });
});
