import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { message } from '../../../../src/core/base/message';
import { sample, useFolder, write } from '../support';

describe('markdown', () => {
  const folder = useFolder();

  async function written(events: readonly ActivityEvent[]): Promise<string> {
    await write('markdown', folder.file('a.md'), events);
    return readFile(folder.file('a.md'), 'utf8');
  }

  it('says count and times, then the table without bodies, then the bodies', async () => {
    const [first, ...rest] = (await written(sample)).split('\n\n');
    assert.equal(first, '**Activity log**, events: 2, 2021-07-14T21:52:20Z to 2021-07-16T13:13:20Z');
    assert.equal(
      rest[0],
      [
        '| timestamp | source | action | success | method | uri | user\\_email | user\\_id | user\\_agent | request\\_id | event\\_id |',
        '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
        '| 2021-07-16T13:13:20Z | neutron | create-floating-ip | yes | POST | /v2.0/floatingips | example@<!-- -->mcs.mail.ru | d06lc1dd59bc22c4bc15d1de98d28119 |  | req-6bee7f11-b233-430a-9c55-f476be373b23 | 9840e233-6717-44d3-af7d-7a68837ee893 |',
        '| 2021-07-14T21:52:20Z | new | vm-action | yes | POST | /v2.1/servers/912gd12d9gd912/action | example@<!-- -->mcs.mail.ru | d06lc1dd59bc22c4bc15d1de98d28119 |  | req-8449b158-19bb-41b1-b0b4-e3522b9119f4 | 7259205b-7u4e-4078-9ffc-zf15d2bd1a8f |\n',
      ]
        .join('\n')
        .trimEnd(),
    );
    assert.equal(
      rest.slice(1, 4).join('\n\n').concat('\n'),
      '<details><summary>2021-07-16T13:13:20Z create-floating-ip 9840e233-6717-44d3-af7d-7a68837ee893 request_body</summary>' +
        '\n\n```\n{}\n```\n\n</details>\n',
    );
    assert.equal(rest.filter((part) => part.includes('<details>')).length, 4);
  });

  it('makes event ids links where they can be opened', async () => {
    const link = ({ event_id: id }: ActivityEvent): string | undefined =>
      id === 'a_b' ? 'vscode://x/event/a%5Fb?connection=c' : undefined;
    await write('markdown', folder.file('a.md'), [{ event_id: 'a_b' }, { event_id: 'c' }], { link });
    const rows = (await readFile(folder.file('a.md'), 'utf8')).split('\n').slice(4);
    assert.match(rows[0] ?? '', /\| \[a\\_b\]\(vscode:\/\/x\/event\/a%5Fb\?connection=c\) \|$/);
    assert.match(rows[1] ?? '', /\| c \|$/);
  });

  it('says how much of the log it can be, with no markup of a role’s name', async () => {
    const note = message('The roles of this user ({0}) show a part of the events only.', '[x](command:y)');
    await write('markdown', folder.file('a.md'), sample, { note });
    const [, said, table] = (await readFile(folder.file('a.md'), 'utf8')).split('\n\n');
    assert.match(said ?? '', /^The roles of this user .*\\\[x\\\]/);
    assert.match(table ?? '', /^\| timestamp /);
  });

  it('says no times where there are none', async () => {
    assert.match(await written([]), /^\*\*Activity log\*\*, events: 0\n\n\| timestamp /);
    assert.match(await written([{ timestamp: 'x' }]), /, events: 1\n/);
  });

  for (const [text, shown] of [
    ['a|b', 'a\\|b'],
    ['a\\|b', 'a\\\\\\|b'],
    ['<img src=x> & co', '&lt;img src=x&gt; &amp; co'],
    ['`code` *bold* _it_ ~no~', '\\`code\\` \\*bold\\* \\_it\\_ \\~no\\~'],
    ['[text](http://a)', '\\[text\\](http:<!-- -->//a)'],
    ['www.a.test #12', 'www<!-- -->.a.test #<!-- -->12'],
    ['one\r\ntwo', 'one  two'],
    ['@team', '@<!-- -->team'],
    ['a@b.test', 'a@<!-- -->b.test'],
    ['a\u202eb', 'a\\\\u{202E}b'],
  ] as const) {
    it(`shows ${JSON.stringify(text)} as text in a cell`, async () => {
      const row = (await written([{ action: text }])).split('\n')[4] ?? '';
      assert.equal(row, `|  |  | ${shown} |  |  |  |  |  |  |  |  |`);
    });
  }

  it('shows bodies as they are, whatever fences and tags they hold', async () => {
    const body = '````\n</details>\n```\n<b>@all';
    const text = await written([{ action: '<b>\n@all', event_id: 'x', request_body: body, response_body: '' }]);
    assert.ok(
      text.endsWith(
        `\n<details><summary>&lt;b&gt; @<!-- -->all x request_body</summary>\n\n${'`'.repeat(6)}\n${body}\n${'`'.repeat(6)}\n\n</details>\n`,
      ),
    );
  });
});
