import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { eventFields } from '../../../../src/core/event/event';
import { guardFormula, unguardFormula } from '../../../../src/export/write/delimited';
import { columnsOf, hostileEvents, load, sample, useFolder, write } from '../support';

const header =
  'timestamp,source,action,success,method,uri,user_email,user_id,user_agent,request_id,event_id,request_body,response_body';

describe('csv and tsv', () => {
  const folder = useFolder();

  it('have BOM, header, CRLF and the columns in their order', async () => {
    await write('csv', folder.file('a.csv'), sample.slice(0, 1));
    assert.equal(
      await readFile(folder.file('a.csv'), 'utf8'),
      `\uFEFF${header}\r\n2021-07-16T13:13:20Z,neutron,create-floating-ip,yes,POST,/v2.0/floatingips,example@mcs.mail.ru,` +
        'd06lc1dd59bc22c4bc15d1de98d28119,,req-6bee7f11-b233-430a-9c55-f476be373b23,9840e233-6717-44d3-af7d-7a68837ee893,{},{}\r\n',
    );
    await write('tsv', folder.file('a.tsv'), []);
    assert.equal(await readFile(folder.file('a.tsv'), 'utf8'), `\uFEFF${header.replaceAll(',', '\t')}\r\n`);
  });

  it('quote what would break a cell and tell an empty text from a missing field', async () => {
    const event = {
      timestamp: 'a"b',
      source: 'a,b',
      action: 'a\r\nb',
      success: '',
      method: null,
      uri: { a: [1] },
      user_email: ' a',
      user_id: 'a\nb',
      request_id: 'a ',
      event_id: 'a\tb',
    };
    await write('csv', folder.file('a.csv'), [event]);
    assert.equal(
      (await readFile(folder.file('a.csv'), 'utf8')).split(`${header}\r\n`)[1],
      '"a""b","a,b","a\r\nb","",,"{""a"":[1]}"," a","a\nb",,"a ",a\tb,,\r\n',
    );
    await write('tsv', folder.file('a.tsv'), [event]);
    assert.ok(
      (await readFile(folder.file('a.tsv'), 'utf8')).endsWith(
        '\r\n"a""b"\ta,b\t"a\r\nb"\t""\t\t"{""a"":[1]}"\t" a"\t"a\nb"\t\t"a "\t"a\tb"\t\t\r\n',
      ),
    );
  });

  for (const [text, guarded] of [
    ['=1+1', "'=1+1"],
    ['+7', "'+7"],
    ['-x', "'-x"],
    ['@a', "'@a"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ["'=q", "''=q"],
    ["'q", "'q"],
    ["x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"],
    ['x,+1', "x,'+1"],
    ['x|@a', "x|'@a"],
    ['x\t-1', "x\t'-1"],
    ['\t=1', "'\t'=1"],
    ["\t'=1", "'\t''=1"],
    ['\n=1', "'\n'=1"],
    ['a\r\n=1', "a\r\n'=1"],
    [' =1', "' =1"],
    ['; =1', ";' =1"],
    ['\u00a0\u3000=1', "'\u00a0\u3000=1"],
    ['\u200b\u200f\ufeff=1', "'\u200b\u200f\ufeff=1"],
    ['\0\x7f\u00ad\u3164=1', "'\0\x7f\u00ad\u3164=1"],
    ['\uff1d1', "'\uff1d1"],
    ['\uff0b1', "'\uff0b1"],
    ['\uff0d1', "'\uff0d1"],
    ['\uff201', "'\uff201"],
    ['\ufe661', "'\ufe661"],
    ['\ufe621', "'\ufe621"],
    ['\ufe631', "'\ufe631"],
    ['\ufe6b1', "'\ufe6b1"],
    ['\ufff9=1', "'\ufff9=1"],
    ['x;"=1', `x;'"=1`],
    ["x;'=1", "x;''=1"],
    ["x;'a", "x;'a"],
    ['a=1', 'a=1'],
    ['', ''],
  ] as const) {
    it(`guards ${JSON.stringify(text)} as ${JSON.stringify(guarded)} and back`, () => {
      assert.equal(guardFormula(text), guarded);
      assert.equal(unguardFormula(guarded), text);
    });
  }

  it('hold no cell that a spreadsheet would run, whatever it separates cells by, and come back', () => {
    const piece = fc.constantFrom(...Array.from(`=+-@;,|"'\t\r\n \u00a0\u200b\ufeff\uff1d\uff0d\0`), 'a', '1');
    const formula = /^[\s\0"\u200b]*[=+\-@\uff1d\uff0d]/;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const guarded = guardFormula(text);
        assert.equal(unguardFormula(guarded), text);
        for (const cell of guarded.split(/[;,|\t\r\n]/)) assert.doesNotMatch(cell, formula);
      }),
      { numRuns: 2000 },
    );
  });

  it('leave formulas alone when the guard is off', async () => {
    await write('csv', folder.file('a.csv'), [{ event_id: 'a', request_body: '=1+1' }], {
      formulaGuard: false,
    });
    assert.match(await readFile(folder.file('a.csv'), 'utf8'), /a,=1\+1,\r\n$/);
  });

  it('come back with all columns intact', async () => {
    await fc.assert(
      fc.asyncProperty(hostileEvents, async (events) => {
        for (const format of ['csv', 'tsv'] as const) {
          const path = folder.file(`a.${format}`);
          await write(format, path, events);
          const loaded = await load(path);
          assert.deepEqual(loaded.unreadable, []);
          assert.deepEqual(
            loaded.events.map((event) => columnsOf(event)),
            events.map((event) => columnsOf(event, (text) => text.replace(/\p{Cs}/gu, '\ufffd'))),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are read with semicolons, LF, columns in any order, unknown ones and a body over many chunks', async () => {
    const body = '"x;\n'.repeat(300_000);
    await writeFile(
      folder.file('a.csv'),
      `event_id;timestamp;extra\nA;2021-07-16T13:13:20Z;"${body.replaceAll('"', '""')}"\n\nB;;y`,
    );
    const { events } = await load(folder.file('a.csv'));
    assert.deepEqual(events, [
      { event_id: 'A', timestamp: '2021-07-16T13:13:20Z', extra: body },
      { event_id: 'B', extra: 'y' },
    ]);
  });

  for (const [title, row, shown] of [
    ['more cells than columns', 'a,b,c,d', 'a,b,c,d'],
    ['a quote inside of a cell', 'a"b,c', 'a"b,c'],
    ['text after a closing quote', '"a"b,c', 'ab,c'],
    ['a quote that is never closed', '"a,b', 'a,b'],
  ] as const) {
    it(`report a row with ${title}`, async () => {
      await writeFile(folder.file('a.csv'), `event_id,action,uri\nx,y,z\n${row}`);
      assert.deepEqual(await load(folder.file('a.csv')), {
        events: [{ event_id: 'x', action: 'y', uri: 'z' }],
        unreadable: [shown],
      });
    });
  }

  it('name the columns of the export', () => assert.equal(header, eventFields.join()));
});
