import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readEventLink, writeEventLink, type EventLink } from '../../../../src/core/format/eventLink';

const link: EventLink = {
  eventId: '9840e233-6717-44d3-af7d-7a68837ee893',
  connection: 'production',
  at: Date.UTC(2026, 10, 22, 14, 3, 21),
};

/** As VS Code hands a link to the extension: path and query decoded once, each as a whole. */
function open(text: string | undefined): EventLink {
  const [, path = '', query = ''] =
    /^vscode:\/\/activity-log\.vk-cloud-activity-log([^?]*)\?(.*)$/s.exec(text ?? '') ?? [];
  return readEventLink(decodeURIComponent(path), decodeURIComponent(query));
}

describe('link to an event', () => {
  it('reads well', () => {
    assert.equal(
      writeEventLink(link, 'vscode'),
      'vscode://activity-log.vk-cloud-activity-log/event/9840e233-6717-44d3-af7d-7a68837ee893?connection=production&at=2026-11-22T14:03:21Z',
    );
    assert.match(
      writeEventLink({ ...link, at: undefined }, 'vscode-insiders') ?? '',
      /^vscode-insiders:.*=production$/,
    );
  });

  for (const connection of [
    'my project',
    'a&at=2020',
    'x=y',
    '100%',
    '50%25',
    'a/b?c#d',
    'проект №1',
    '+',
    '(a)*_b_',
    '',
  ]) {
    it(`carries the name ${JSON.stringify(connection)}`, () => {
      const text = writeEventLink({ ...link, connection, eventId: `e ${connection}` }, 'vscode');
      assert.deepEqual(open(text), { ...link, connection, eventId: `e ${connection}` });
      assert.match(text ?? '', /^[\w:/.?=&%-]+$/, 'nothing that Markdown or a shell takes for more than text');
    });
  }

  it('carries any name, id and time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !/[[\]<>]/.test(text)),
        fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/[[\]<>]/.test(text)),
        fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }),
        (eventId, connection, at) =>
          assert.deepEqual(open(writeEventLink({ eventId, connection, at }, 'vscode')), { eventId, connection, at }),
      ),
    );
  });

  it('may be written by hand', () => {
    assert.deepEqual(readEventLink('/event/x', 'at=2026-11-22T17:03:21+03:00&connection=my project'), {
      ...link,
      eventId: 'x',
      connection: 'my project',
    });
    assert.deepEqual(readEventLink('/event/x', ''), { eventId: 'x', connection: '', at: undefined });
    assert.deepEqual(readEventLink('/event/%zz', 'at=yesterday'), { eventId: '%zz', connection: '', at: undefined });
  });

  for (const bracket of '[]<>') {
    it(`carries no ${bracket}, and none that is followed is taken or quoted`, () => {
      const name = `a${bracket}b`;
      assert.equal(writeEventLink({ ...link, connection: name }, 'vscode'), undefined);
      assert.equal(writeEventLink({ ...link, eventId: name }, 'vscode'), undefined);
      for (const text of [name, encodeURIComponent(name)]) {
        for (const [path, query] of [
          ['/event/x', `connection=${text}`],
          [`/event/${text}`, ''],
        ] as const) {
          assert.throws(
            () => readEventLink(path, query),
            ({ message }: Error) => /refused/.test(message) && !message.includes(name),
          );
        }
      }
    });
  }

  for (const [path, query] of [
    ['/', ''],
    ['/event/', ''],
    ['/events/x', ''],
    ['/command/activityLog.signOut', ''],
    [`/event/${'x'.repeat(5000)}`, ''],
    ['/event/x', `connection=${'x'.repeat(5000)}`],
  ] as const) {
    it(`is not ${path.slice(0, 40)} with ${query.length} characters of query`, () => {
      assert.throws(() => readEventLink(path, query), /no link to an event/);
    });
  }
});
