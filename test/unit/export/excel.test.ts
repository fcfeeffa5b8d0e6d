import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { readXls, readXlsx } from 'hucre/xlsx';
import { eventFields, type ActivityEvent } from '../../../src/core/event/event';
import { readTime } from '../../../src/core/time/time';
import { cellLimit, sheetRows } from '../../../src/export/write/sheetRows';
import { slices } from '../../../src/export/write/slices';
import type { Writer } from '../../../src/export/write/writer';
import { xlsWriter } from '../../../src/export/write/xls';
import { columnName } from '../../../src/export/write/xlsxParts';
import { xlsxWriter } from '../../../src/export/write/xlsx';
import { columnsOf, hostileEvents, inBatches, load, never, sample, useFolder, write } from './support';
import { TargetFile } from '../../../src/export/write/targetFile';

// The reader knows nothing of our writers: both formats are checked with somebody else's program.
const readers = { xlsx: readXlsx, xls: readXls } as const;
type ExcelFormat = keyof typeof readers;
const excelFormats: readonly ExcelFormat[] = ['xlsx', 'xls'];

/** What a cell of the sheets should hold: a moment as Date where Excel can, text otherwise. */
function expectedRows(event: ActivityEvent, format: ExcelFormat): unknown[][] {
  const text = (value: string): string => (format === 'xls' ? value.replace(/\p{Cs}/gu, '\ufffd') : value);
  return [...sheetRows(event, format === 'xls' ? 256 : 16_384)].map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell : cell === undefined ? null : text(cell))),
  );
}

async function sheetsOf(format: ExcelFormat, path: string): Promise<{ name: string; rows: unknown[][] }[]> {
  const { sheets } = await readers[format](await readFile(path));
  return sheets.map(({ name, rows }) => ({
    name,
    rows: rows.map((row) => row.map((cell) => (cell instanceof Date ? cell.getTime() : cell))),
  }));
}

/** Rows without the empty cells at their ends, which a sheet does not tell from cells that are not there. */
function trimmed(rows: readonly (readonly unknown[])[]): unknown[][] {
  return rows.map((row) =>
    row
      .slice(0, row.findLastIndex((cell) => cell !== null && cell !== '') + 1)
      .map((cell) => (cell === '' ? null : cell)),
  );
}

async function writeWith(writer: Writer, path: string, events: readonly ActivityEvent[]): Promise<void> {
  const file = await TargetFile.create(path);
  const context = { formulaGuard: true, signal: never, createScratch: () => file.createScratch() };
  for await (const chunk of writer(inBatches(events), context)) await file.append(chunk);
  await file.commit();
  await file.clean();
}

describe('Excel workbooks', () => {
  const folder = useFolder();

  for (const format of excelFormats) {
    describe(format, () => {
      it('hold dates as dates and everything else as text', async () => {
        const event = { ...sample[0], user_id: '00123', request_body: '=1+1', success: true };
        await write(format, folder.file('a'), [event]);
        const [sheet] = await sheetsOf(format, folder.file('a'));
        assert.equal(sheet?.name, 'Events');
        assert.deepEqual(sheet.rows[0], [...eventFields]);
        assert.deepEqual(sheet.rows[1], [
          Date.UTC(2021, 6, 16, 13, 13, 20),
          ...columnsOf(event)
            .slice(1)
            .map((text) => text ?? null),
        ]);
        assert.deepEqual(sheet.rows[1].slice(-2), ['=1+1', '{}']);
      });

      it('are valid without events', async () => {
        await write(format, folder.file('a'), []);
        assert.deepEqual(await sheetsOf(format, folder.file('a')), [{ name: 'Events', rows: [[...eventFields]] }]);
      });

      it('hold every cell of hostile events', async () => {
        await fc.assert(
          fc.asyncProperty(hostileEvents, async (events) => {
            await write(format, folder.file('a'), events);
            const [sheet] = await sheetsOf(format, folder.file('a'));
            assert.deepEqual(
              trimmed(sheet?.rows.slice(1) ?? []),
              trimmed(events.flatMap((event) => expectedRows(event, format))),
            );
          }),
          { numRuns: 40 },
        );
      });

      it('begin a new sheet, header included, when one is full', async () => {
        const events = Array.from({ length: 7 }, (_, index) => ({ event_id: `id-${index}` }));
        const limits = { rows: 4, columns: 100, bytes: Infinity };
        await writeWith(format === 'xls' ? xlsWriter(limits) : xlsxWriter(limits), folder.file('a'), events);
        const sheets = await sheetsOf(format, folder.file('a'));
        assert.deepEqual(
          sheets.map(({ name }) => name),
          ['Events', 'Events 2', 'Events 3'],
        );
        assert.deepEqual(
          sheets.map(({ rows }) => rows.map((row) => row[10])),
          [
            ['event_id', 'id-0', 'id-1', 'id-2'],
            ['event_id', 'id-3', 'id-4', 'id-5'],
            ['event_id', 'id-6'],
          ],
        );
      });

      it('keep texts of the largest length and of both widths across record borders', async () => {
        const fill = (text: string): string => text.repeat(cellLimit).slice(0, cellLimit);
        const events = [fill('x'), fill('я'), fill('é😀'), fill('\r\n'), fill('ÿ')].flatMap((body, index) =>
          Array.from({ length: 5 }, (_, shift) => ({
            event_id: `${index}-${shift}`,
            uri: 'a'.repeat(shift),
            request_body: [...slices(body, cellLimit - shift)][0] ?? '',
          })),
        );
        await write(format, folder.file('a'), events);
        const [sheet] = await sheetsOf(format, folder.file('a'));
        assert.deepEqual(
          sheet?.rows.slice(1).map((row) => row[11]),
          events.map((event) => event.request_body),
        );
      });
    });
  }

  it('xls goes past the sectors that its header can name', async function () {
    const events = Array.from({ length: 220 }, (_, index) => ({
      event_id: `${index}`,
      request_body: `${index}`.padEnd(cellLimit, 'x'),
    }));
    await write('xls', folder.file('a'), events);
    const [sheet] = await sheetsOf('xls', folder.file('a'));
    assert.deepEqual(
      sheet?.rows.slice(1).map((row) => row[11]),
      events.map((event) => event.request_body),
    );
  });

  it('xlsx begins a new sheet before its XML grows too large', async () => {
    const events = Array.from({ length: 30 }, (_, index) => ({
      event_id: `${index}`,
      request_body: 'x'.repeat(30_000),
    }));
    await writeWith(xlsxWriter({ rows: 1000, columns: 100, bytes: 250_000 }), folder.file('a'), events);
    const sheets = await sheetsOf('xlsx', folder.file('a'));
    assert.deepEqual(
      sheets.flatMap(({ rows }) => rows.slice(1).map((row) => row[10])),
      events.map((event) => event.event_id),
    );
    assert.equal(sheets.length, 3);
  });

  it('xlsx has a frozen header, a filter and widths on each sheet', async () => {
    await writeWith(xlsxWriter({ rows: 2, columns: 100, bytes: Infinity }), folder.file('a'), sample);
    const { sheets } = await readXlsx(await readFile(folder.file('a')));
    assert.deepEqual(
      sheets.map((sheet) => [sheet.freezePane?.rows, sheet.autoFilter?.range]),
      [
        [1, 'A1:M2'],
        [1, 'A1:M2'],
      ],
    );
    assert.equal(sheets[0]?.columns?.[0]?.width, 22);
  });

  it('xlsx is XML that any parser takes', async () => {
    await write('xlsx', folder.file('a'), [{ event_id: '<&>"\u0000\u0001\ufffe\ud800 _x0041_ \r ]]>', uri: ' x ' }]);
    const xml = firstEntry(await readFile(folder.file('a')));
    assert.ok(xml.includes('<t>&lt;&amp;&gt;"_x0000__x0001__xFFFE__xD800_ _x005F_x0041_ &#13; ]]&gt;</t>'));
    assert.ok(xml.includes('<t xml:space="preserve"> x </t>'));
  });

  it('xlsx comes back with all columns intact, continued texts put together', async () => {
    const long: ActivityEvent[] = [
      {
        event_id: 'a',
        timestamp: '2021-07-16T13:13:20Z',
        uri: 'u'.repeat(40_000),
        request_body: '😀'.repeat(50_000),
        response_body: 'END',
      },
      { event_id: 'b', request_body: 'x'.repeat(32_768), response_body: 'y'.repeat(400_000) },
    ];
    await fc.assert(
      fc.asyncProperty(hostileEvents, async (events) => {
        const all = [...long, ...events];
        await write('xlsx', folder.file('a.xlsx'), all);
        const loaded = await load(folder.file('a.xlsx'));
        assert.deepEqual(loaded.unreadable, []);
        assert.deepEqual(
          loaded.events.map((event) => comparable(columnsOf(event))),
          all.map((event) => comparable(columnsOf(event))),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('continue a text in the next row where columns end, and read it back', async () => {
    const event: ActivityEvent = {
      event_id: 'a',
      request_body: 'x'.repeat(cellLimit * 9 + 5),
      response_body: `${'y'.repeat(cellLimit * 4)}END`,
    };
    await writeWith(xlsxWriter({ rows: 100, columns: 16, bytes: Infinity }), folder.file('a.xlsx'), [
      event,
      sample[0] ?? {},
    ]);
    const { events } = await load(folder.file('a.xlsx'));
    assert.deepEqual(events, [event, { ...sample[0] }]);
  });

  for (const [column, name] of [
    [0, 'A'],
    [25, 'Z'],
    [26, 'AA'],
    [701, 'ZZ'],
    [702, 'AAA'],
    [16_383, 'XFD'],
  ] as const) {
    it(`name column ${column} ${name}`, () => assert.equal(columnName(column), name));
  }
});

/** Columns with the timestamp as the moment it names: sheets do not keep how it was written. */
function comparable([timestamp, ...others]: (string | undefined)[]): unknown[] {
  return [timestamp === undefined ? undefined : (readTime(timestamp) ?? timestamp), ...others];
}

/** The text of the first file in a ZIP archive. */
function firstEntry(zip: Buffer): string {
  const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return inflateRawSync(zip.subarray(start)).toString();
}
