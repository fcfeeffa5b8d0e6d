import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, ftruncateSync, openSync, closeSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeXlsx } from 'hucre/xlsx';
import { decodeFile } from '../../../src/export/read/decodeFile';
import { DelimitedRows } from '../../../src/export/read/delimitedRows';
import { readLines } from '../../../src/export/read/logItems';
import { openSavedLog } from '../../../src/export/read/openSavedLog';
import { readDirectory, readPart } from '../../../src/export/read/unzip';
import { XmlReader } from '../../../src/export/read/xmlReader';
import { assertGrowth } from '../assertGrowth';
import { cpuTime } from '../cpuTime';
import { never, sample, useFolder, write } from './support';
import { book, firstSheet, sheet, writeWorkbook } from './workbook';

const workerPath = path.resolve('dist/logWorker.js');
const megabyte = 1 << 20;
const blanks = Buffer.alloc(megabyte, ' ');
/** Twice as much costs less than three times as much, against four where the whole is read again with each part. */
const linear = { most: 3, telling: 20 };

describe('saved logs', function () {
  const folder = useFolder();
  const read = (name: string): ReturnType<typeof openSavedLog> => openSavedLog(folder.file(name), workerPath, never);
  const refuses = (name: string, reason: RegExp): Promise<void> =>
    assert.rejects(read(name), { name: 'UserError', message: reason });

  const workbook = (parts: Parameters<typeof writeWorkbook>[1], lies?: Readonly<Record<string, number>>) =>
    writeWorkbook(folder.file('a.xlsx'), parts, lies);

  describe('that are honest', () => {
    for (const format of ['xlsx', 'csv', 'json', 'ndjson'] as const)
      it(`are read in a worker: ${format}`, async () => {
        await write(format, folder.file(`a.${format}`), sample);
        const log = await read(`a.${format}`);
        assert.deepEqual([log.events, log.unreadable], [2, 0]);
        const onLarge = (): Promise<never> => assert.fail('it is no answer of a server');
        const request = { component: undefined, from: 0, to: 4e12, limit: 10, marker: undefined, onLarge };
        const page = await log.source.page(request, never);
        assert.deepEqual(JSON.parse(Buffer.from(page).toString()), { logs: sample });
        log.dispose();
        await assert.rejects(log.source.page(request, never));
      });

    it('may be workbooks of other programs: shared texts, dates, numbers, other sheets', async () => {
      const head = ['timestamp', 'source', 'event_id', 'success'];
      const row = [new Date('2021-07-16T13:13:20.000Z'), 'nova', 17, true];
      const sheets = [
        { name: 'My own', rows: [['hello']] },
        { name: 'Log', rows: [head, row, [null, 'nova', 'b']] },
      ];
      writeFileSync(folder.file('a.xlsx'), await writeXlsx({ sheets }));
      const log = await read('a.xlsx');
      const page = await log.source.page(
        { component: undefined, from: 0, to: 4e12, limit: 10, marker: undefined },
        never,
      );
      assert.deepEqual(JSON.parse(Buffer.from(page).toString()), {
        logs: [
          { timestamp: '2021-07-16T13:13:20Z', source: 'nova', event_id: '17', success: 'true' },
          { source: 'nova', event_id: 'b' },
        ],
      });
      log.dispose();
    });
  });

  describe('that are hostile workbooks', () => {
    const rows = sheet('<row><c t="inlineStr"><is><t>event_id</t></is></c><c t="str"><v>action</v></c></row>');

    it('are refused before they are read where they would unpack to far more than their size', async () => {
      await workbook({ [firstSheet]: rows }, { [firstSheet]: 1500 * megabyte });
      await refuses('a.xlsx', /would unpack to over 512 MB, which is too much\. Export fewer events, or as ndjson/);
      await workbook(
        { [firstSheet]: rows, 'xl/sharedStrings.xml': '<sst/>' },
        { 'xl/sharedStrings.xml': 600 * megabyte },
      );
      await refuses('a.xlsx', /would unpack to over 512 MB/);
    });

    it('are read no further than their directory admits', async () => {
      await workbook({ [firstSheet]: new Array<Buffer>(50).fill(blanks) }, { [firstSheet]: 1000 });
      const file = await open(folder.file('a.xlsx'));
      const part = (await readDirectory(file)).get(firstSheet)!;
      let taken = 0;
      const taking = async (): Promise<void> => {
        for await (const text of readPart(file, part, never)) taken += text.length;
      };
      await assert.rejects(taking(), /larger than the directory says/);
      assert.equal(taken, 0);
      await file.close();
      await refuses('a.xlsx', /is damaged, or not an Excel workbook/);
    });

    it('are read as they are asked for, without running ahead', async () => {
      await workbook({ [firstSheet]: new Array<Buffer>(100).fill(blanks) });
      const file = await open(folder.file('a.xlsx'));
      const part = (await readDirectory(file)).get(firstSheet)!;
      const texts = readPart(file, part, never);
      await texts.next();
      await sleep(50);
      const before = cpuTime();
      await sleep(50);
      assert.ok(cpuTime() - before < 40, 'unpacks what nobody asked for');
      await texts.return(undefined);
      await file.close();
    });

    it('are read once, however often a sheet is named', async () => {
      const cells = `<row><c r="A2" t="str"><v>a</v></c><c r="B2" t="str"><v>b</v></c></row>`;
      const text = rows.replace('</sheetData>', `${cells}</sheetData>`);
      await workbook({ [firstSheet]: text, 'xl/workbook.xml': book(...new Array<string>(5000).fill('sheet1')) });
      const log = await read('a.xlsx');
      assert.equal(log.events, 1);
      log.dispose();
    });

    for (const [what, text] of [
      ['a cell outside of all columns', sheet('<row><c r="XFE1" t="str"><v>x</v></c></row>')],
      ['cells without places outside of all columns', sheet(`<row>${'<c/>'.repeat(16_385)}</row>`)],
      ['a document type with entities', '<!DOCTYPE a [<!ENTITY b "bb">]><worksheet/>'],
      ['a cell without end', sheet(`<row><c t="str"><v>${'x<!---->'.repeat(2 * megabyte)}</v></c></row>`)],
      ['a tag without end', `<worksheet a="${'x'.repeat(100_000)}`],
    ] as const)
      it(`are damaged: ${what}`, async () => {
        await workbook({ [firstSheet]: text });
        await refuses('a.xlsx', /is damaged, or not an Excel workbook/);
      });

    it('have no row without end', async () => {
      const text = function* (): Generator<Buffer> {
        yield Buffer.from(rows.replace('</sheetData></worksheet>', '<row>'));
        const cell = Buffer.from(`<c t="str"><v>${'x'.repeat(megabyte)}</v></c>`);
        for (let n = 0; n < 130; n++) yield cell;
      };
      await workbook({ [firstSheet]: text() });
      await refuses('a.xlsx', /a record of over 128 million characters/);
    });

    for (const [what, unit, prefix = ''] of [
      ['tags', '<c>'],
      ['open brackets', '<'],
      ['quotes', '<c a="b" a=\'c\'>'],
      ['quotes in a tag', '"', '<c '],
      ['a comment', '> ', '<!--'],
      ['beginnings of ends', '--', '<!--'],
      ['CDATA', ']]', '<![CDATA['],
      ['ampersands', '&'],
      ['entities', '&#x41;'],
      ['blanks', ' '],
      ['equals signs', ' a=', '<c'],
    ] as const)
      it(`are read in linear time: ${what}`, async () => {
        const measure = (size: number): [number] => {
          const text = prefix + unit.repeat(size / unit.length);
          const ignore = (): void => undefined;
          const reader = new XmlReader({ open: ignore, close: ignore, text: ignore });
          const before = cpuTime();
          try {
            for (let at = 0; at < text.length; at += 1 << 14) reader.push(text.slice(at, at + (1 << 14)));
          } catch (error) {
            assert.match(String(error), /A tag without end/);
          }
          return [cpuTime() - before];
        };
        measure(megabyte);
        await assertGrowth({ ...linear, less: () => measure(2 * megabyte), more: () => measure(4 * megabyte) });
      });
  });

  describe('that are hostile texts', () => {
    const record = JSON.stringify(sample[0]);

    /** A file that begins with `start` and goes on with zeros that take no room on the disk. */
    function endless(name: string, start: string, size: number): void {
      writeFileSync(folder.file(name), start);
      const file = openSync(folder.file(name), 'r+');
      ftruncateSync(file, size);
      closeSync(file);
    }

    for (const [what, name, start] of [
      ['a line', 'a.ndjson', `${record}\n`],
      ['a text', 'a.json', `{"logs":[${record},{"a":"`],
      ['a cell', 'a.csv', 'event_id,action\r\n'],
      ['a quoted cell', 'a.tsv', 'event_id\taction\r\n"'],
    ] as const)
      it(`are refused where ${what} has no end`, async () => {
        endless(name, start, 600 * megabyte); // of which no more is read than what says that it is too much
        await refuses(name, /a record of over 128 million characters/);
      });

    it('are refused where a row has no end', async () => {
      writeFileSync(folder.file('a.csv'), `event_id,action\r\n${','.repeat(20_000)}`);
      await refuses('a.csv', /a row of over 16384 cells/);
    });

    it('are refused where the cells of a row come to too much, though none does', () => {
      const cell = `${'x'.repeat(megabyte)},`;
      const read = (end: string): void => {
        const rows = new DelimitedRows(',');
        for (let n = 0; n < 130; n++) assert.ok([...rows.push(cell + end)].length <= 1);
      };
      read('\n');
      assert.throws(() => read(''), /a record of over 128 million characters/);
    });

    it('are read in linear time: a line without end', async () => {
      const measure = async (size: number): Promise<[number]> => {
        endless('a.ndjson', '', size);
        const before = cpuTime();
        for await (const line of readLines(folder.file('a.ndjson'), never)) assert.equal(line.length, size);
        return [cpuTime() - before];
      };
      await assertGrowth({ ...linear, less: () => measure(10 * megabyte), more: () => measure(20 * megabyte) });
    });

    it('may be nested a million levels deep', async () => {
      const deep = `{"event_id":"a","x":${'['.repeat(1e6)}${']'.repeat(1e6)}}`;
      writeFileSync(folder.file('a.ndjson'), `${record}\n${deep}\n${record}`);
      const log = await read('a.ndjson');
      assert.equal(log.events + log.unreadable, 3);
      log.dispose();
    });

    it('are read as they were when reading began, though more is added', async () => {
      const file = folder.file('a.ndjson');
      writeFileSync(file, 'x'.repeat(megabyte));
      let length = 0;
      for await (const text of decodeFile(file, never)) {
        length += text.length;
        appendFileSync(file, 'y'.repeat(megabyte));
      }
      assert.equal(length, megabyte);
    });

    it('are files, no pipes and no devices', async function () {
      if (process.platform === 'win32') this.skip();
      execFileSync('mkfifo', [folder.file('pipe')]);
      await refuses('pipe', /pipe is a pipe or a device\. Save what it gives in a file and open that/);
      await assert.rejects(openSavedLog('/dev/zero', workerPath, never), /is a pipe or a device/);
    });
  });

  describe('in their worker', () => {
    const runs = (script: string, signal = never): ReturnType<typeof openSavedLog> => {
      writeFileSync(folder.file('worker.js'), script);
      return openSavedLog(folder.file('a'), folder.file('worker.js'), signal);
    };

    it('take no more memory than it may have, and the editor goes on', async () => {
      const greedy = 'const all = []; for (;;) all.push(new Array(1e5).fill({}));';
      writeFileSync(folder.file('worker.js'), greedy);
      const limits = { maxOldGenerationSizeMb: 64 };
      await assert.rejects(openSavedLog(folder.file('a'), folder.file('worker.js'), never, limits), {
        name: 'UserError',
        message: /a takes too much memory to read\. Open a part of it/,
      });
    });

    it('leave out a record of more values than any event has, before it takes memory', async () => {
      const many = `{"event_id":"a","action":"b","x":[${'{},'.repeat(2e6)}{}]}`;
      writeFileSync(folder.file('a.ndjson'), `${JSON.stringify(sample[0])}\n${many}\n`);
      const log = await openSavedLog(folder.file('a.ndjson'), workerPath, never, { maxOldGenerationSizeMb: 96 });
      assert.deepEqual([log.events, log.unreadable], [1, 1]);
      log.dispose();
    });

    it('end at once when they are cancelled, though the worker hears of nothing', async () => {
      const ticks = folder.file('ticks');
      const abort = new AbortController();
      const opening = runs(`for (;;) require('node:fs').appendFileSync(${JSON.stringify(ticks)}, 'x');`, abort.signal);
      while (!existsSync(ticks)) await sleep(5);
      abort.abort();
      await assert.rejects(opening, { name: 'AbortError' });
      const size = (): number => statSync(ticks).size;
      for (let before = -1; before !== size();) {
        before = size();
        await sleep(100);
      }
    });

    it('get nothing of the environment, and 2 GB of memory', async () => {
      const tell = `const { parentPort, resourceLimits } = require('node:worker_threads');
        const events = [Object.keys(process.env), resourceLimits.maxOldGenerationSizeMb];
        parentPort.on('message', ({ id }) => parentPort.postMessage({ rpc: 'result', id, value: { events } }));`;
      const log = await runs(tell);
      assert.deepEqual(log.events, [[], 2048]);
      log.dispose();
    });
  });
});
