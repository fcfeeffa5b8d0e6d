import assert from 'node:assert/strict';
import { appendFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { isCancelled } from '../../../../src/core/base/errors';
import { JsonItems } from '../../../../src/export/read/jsonItems';
import { openLogFile } from '../../../../src/export/read/openLogFile';
import { load, never, sample, useFolder, write } from '../support';

const [one, two] = sample.map((event) => JSON.stringify(event)) as [string, string];
const everything = { component: undefined, from: 0, to: 4e12, limit: 1000 };
const first = { ...everything, marker: undefined };

describe('openLogFile', () => {
  const folder = useFolder();

  for (const [title, name, text] of [
    ['an answer', 'a.json', `{"logs":[${one},${two}],"marker":"m"}`],
    ['an answer that begins with its marker', 'a.json', `{"marker":"logs","logs":[${one},${two}]}`],
    ['a pretty answer', 'a.json', JSON.stringify({ logs: sample }, null, 2)],
    ['answers one after the other', 'a.json', `{"logs":[${one}],"marker":"m"}\n{"logs":[${two}]}\n`],
    ['an answer a line', 'a.ndjson', `{"logs":[${one}]}\n{"logs":[${two}]}\n`],
    ['a list', 'a.json', `[${one}, ${two}]`],
    ['a list of answers', 'a.json', `[{"logs":[${one}]},{"logs":[${two}]}]`],
    ['records one after the other', 'a.json', `${one}${two}`],
    ['lines with another name', 'a.log', `${one}\r\n\r\n${two}`],
    ['a byte order mark', 'a.json', `\ufeff{"logs":[${one},${two}]}`],
  ] as const) {
    it(`reads ${title}`, async () => {
      await writeFile(folder.file(name), text);
      assert.deepEqual(await load(folder.file(name)), { events: sample, unreadable: [] });
    });
  }

  it('reads UTF-16 as PowerShell writes it', async () => {
    await writeFile(folder.file('a.json'), Buffer.from(`\ufeff{"logs":[${one},${two}]}`, 'utf16le'));
    assert.deepEqual((await load(folder.file('a.json'))).events, sample);
  });

  for (const [title, name, text, events, unreadable] of [
    [
      'values that are no records',
      'a.json',
      `{"logs":[${one},1,null,"x",[2],tru]}`,
      1,
      ['1', 'null', '"x"', '[2]', 'tru'],
    ],
    ['a cut-off record', 'a.json', `{"logs":[${one},{"event_id":"b`, 1, ['{"event_id":"b']],
    ['a list cut off between records', 'a.json', `{"logs":[${one},`, 1, ['(cut off)']],
    ['a damaged line', 'a.ndjson', `${one}\n{"event_id":"b\n${two}`, 2, ['{"event_id":"b']],
    ['a damaged first line', 'a.ndjson', `{"event_id":"b\n${two}`, 1, ['{"event_id":"b']],
    ['garbage after the answer', 'a.json', `{"logs":[${one}]} }, <p>`, 1, ['}', '<p>']],
  ] as const) {
    it(`reports ${title}`, async () => {
      await writeFile(folder.file(name), text);
      const loaded = await load(folder.file(name));
      assert.deepEqual([loaded.events.length, loaded.unreadable], [events, unreadable]);
    });
  }

  it('finds the same records wherever the text is parted', () => {
    const text = `{"marker":"\\"logs","a":{"logs":[0]},"logs" : [${one}, [1,{"logs":[2]}], "q\\\\", {"x":"]}"}],"z":[1]}\n[${two},{"logs":[3]}] 4 `;
    const expected = [one, '[1,{"logs":[2]}]', '"q\\\\"', '{"x":"]}"}', two, '3', '4'];
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 30 }), (cuts) => {
        const items = new JsonItems();
        const borders = [0, ...cuts.sort((a, b) => a - b), text.length];
        const found = borders.slice(1).flatMap((end, index) => [...items.push(text.slice(borders[index], end))]);
        assert.deepEqual(found, expected);
        assert.equal(items.finish(), undefined);
      }),
    );
  });

  for (const [title, name, content, reason] of [
    ['an empty file', 'a.json', '', /a\.json is empty/],
    ['blanks', 'a.json', ' \n ', /is empty/],
    ['a web page', 'a.json', '<!DOCTYPE html><html>', /is a web page or XML/],
    ['an image', 'a.json', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /holds no activity log/],
    ['an error of the API', 'a.json', '{"error":{"code":401,"message":"Unauthorized"}}', /holds no activity log/],
    ['another list', 'a.json', '[1,2]', /holds no activity log/],
    ['another table', 'a.csv', 'name,age\nx,1\n', /holds no activity log/],
    ['a text', 'a.txt', 'hello', /holds no activity log/],
    ['a text that is not UTF-8', 'a.csv', Buffer.from('event_id,action\n\xef\xf0', 'latin1'), /not a text in UTF-8/],
    ['an old workbook', 'a.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old Excel workbook/],
    ['a damaged workbook', 'a.xlsx', 'PK\x03\x04 and no more', /damaged, or not an Excel workbook/],
  ] as const) {
    it(`says what is wrong with ${title}`, async () => {
      await writeFile(folder.file(name), content);
      await assert.rejects(openLogFile(folder.file(name), never), { name: 'UserError', message: reason });
    });
  }

  it('says what is wrong with the path', async () => {
    await mkdir(folder.file('d'));
    await assert.rejects(openLogFile(folder.file('no.json'), never), /The file .*no\.json does not exist/);
    await assert.rejects(openLogFile(folder.file('d'), never), /d is a folder\. Choose a file/);
  });

  it('takes no empty list for a wrong file', async () => {
    await writeFile(folder.file('a.json'), '{"logs":[]}');
    const file = await openLogFile(folder.file('a.json'), never);
    assert.deepEqual([file.events, file.range], [0, undefined]);
    assert.equal(
      new TextDecoder().decode(await file.source.page({ ...everything, marker: undefined }, never)),
      '{"logs":[]}',
    );
  });

  it('tells the range and answers requests for a part', async () => {
    await write('ndjson', folder.file('a'), [...sample, { event_id: 'x', source: 'new' }]);
    const file = await openLogFile(folder.file('a'), never);
    const [from, to] = [Date.UTC(2021, 6, 14, 21, 52, 20), Date.UTC(2021, 6, 16, 13, 13, 21)];
    assert.deepEqual(file.range, { from, to });
    const ask = async (request: object): Promise<unknown[]> => {
      const page = await file.source.page({ ...everything, marker: undefined, ...request }, never);
      return (JSON.parse(new TextDecoder().decode(page)) as { logs: { event_id: string }[] }).logs.map(
        (log) => log.event_id,
      );
    };
    assert.deepEqual(await ask({ component: 'new' }), [sample[1]?.['event_id'], 'x']);
    assert.deepEqual(await ask({ to: to - 2000 }), [sample[1]?.['event_id'], 'x']);
    assert.deepEqual(await ask({ from, to: from }), [sample[1]?.['event_id'], 'x']);
  });

  it('gives any page again, in any order and at the same time', async () => {
    const events = Array.from({ length: 50 }, (_, index) => ({
      event_id: `${index}`,
      timestamp: '2021-07-16T13:13:20Z',
    }));
    await write('csv', folder.file('a.csv'), events);
    const file = await openLogFile(folder.file('a.csv'), never);
    const ask = async (marker: string | undefined): Promise<unknown> =>
      JSON.parse(new TextDecoder().decode(await file.source.page({ ...everything, limit: 20, marker }, never)));
    const expected = (start: number, marker?: string): unknown => ({
      logs: events.slice(start, start + 20),
      ...(marker && { marker }),
    });
    assert.deepEqual(await Promise.all([ask('40'), ask(undefined), ask(undefined), ask('20')]), [
      expected(40),
      expected(0, '20'),
      expected(0, '20'),
      expected(20, '40'),
    ]);
    assert.deepEqual(await ask('20'), expected(20, '40'));
    assert.deepEqual(await ask('40'), expected(40));
    file.dispose();
  });

  it('gives pages whose bytes can be handed to another thread', async () => {
    await write('json', folder.file('a.json'), sample);
    const file = await openLogFile(folder.file('a.json'), never);
    const page = await file.source.page({ ...everything, marker: undefined }, never);
    assert.equal(page.buffer.byteLength, page.byteLength);
    structuredClone(page, { transfer: [page.buffer as ArrayBuffer] });
  });

  it('notices a change of the file between pages', async () => {
    await write('ndjson', folder.file('a'), sample);
    const file = await openLogFile(folder.file('a'), never);
    await utimes(folder.file('a'), 1, 1);
    await assert.rejects(file.source.page(first, never), /was changed while it was being read/);
    const other = await openLogFile(folder.file('a'), never);
    await appendFile(folder.file('a'), '\n');
    await utimes(folder.file('a'), 1, 1);
    await assert.rejects(other.source.page(first, never), /was changed while it was being read/);
  });

  it('gives pages of a few megabytes, however large records are', async () => {
    const events = Array.from({ length: 3 }, (_, index) => ({
      event_id: `${index}`,
      request_body: 'x'.repeat(5 << 20),
    }));
    await write('ndjson', folder.file('a'), events);
    const file = await openLogFile(folder.file('a'), never);
    const page = await file.source.page(first, never);
    assert.match(new TextDecoder().decode(page.slice(-20)), /"marker":"2"/);
    file.dispose();
  });

  for (const [what, values, isRecord] of [
    ['objects', '{},'.repeat(400_000), false],
    ['numbers', '0,'.repeat(600_000), false],
    ['levels', '['.repeat(600_000) + '0' + ']'.repeat(600_000) + ',', false],
    ['signs in a text', `${JSON.stringify('",[{'.repeat(300_000))},`, true],
  ] as const)
    it(`${isRecord ? 'reads' : 'takes for no record'} what has a million ${what}`, async () => {
      await writeFile(folder.file('a.ndjson'), `${one}\n{"event_id":"a","action":"b","x":[${values}0]}`);
      const file = await openLogFile(folder.file('a.ndjson'), never);
      assert.deepEqual([file.events, file.unreadable], isRecord ? [2, 0] : [1, 1]);
    });

  it('can be cancelled while opening and while paging', async () => {
    await write('json', folder.file('a'), sample);
    await assert.rejects(openLogFile(folder.file('a'), AbortSignal.abort()), (error) => isCancelled(error));
    const file = await openLogFile(folder.file('a'), never);
    await assert.rejects(file.source.page({ ...everything, marker: undefined }, AbortSignal.abort()), (error) =>
      isCancelled(error),
    );
  });
});
