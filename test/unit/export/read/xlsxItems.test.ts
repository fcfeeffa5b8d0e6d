import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { eventFields } from '../../../../src/core/event/event';
import { readXlsxItems } from '../../../../src/export/read/xlsxItems';
import { never, useFolder } from '../support';
import { firstSheet, sheet, writeWorkbook, writeZip } from '../workbook';

const megabyte = 1 << 20;
const texts = 'xl/sharedStrings.xml';
/** One text of a million characters that cells share: a cell of it takes 27 bytes of the sheet. */
const shared = `<sst><si><t>${'x'.repeat(1e6)}</t></si></sst>`;
const cell = '<c t="s"><v>0</v></c>';
const named = (...names: readonly string[]): string =>
  `<row>${names.map((name) => `<c t="str"><v>${name}</v></c>`).join('')}</row>`;
const header = named('event_id', 'action');

describe('the records of a workbook', function () {
  const folder = useFolder();

  /** The lengths of all. */
  async function lengths(...bound: [maxCharacters?: number]): Promise<number[]> {
    const found: number[] = [];
    for await (const item of readXlsxItems(folder.file('a.xlsx'), never, ...bound)) found.push(item.length);
    return found;
  }
  const workbook = (...[parts, lies]: [Parameters<typeof writeWorkbook>[1], Readonly<Record<string, number>>?]) =>
    writeWorkbook(folder.file('a.xlsx'), parts, lies);

  it('may unpack to a hundred times the size of a large one, but for what is held in memory', async () => {
    const parts = { [firstSheet]: sheet(header), [texts]: '<sst/>', 'xl/media/a.png': [randomBytes(7 * megabyte)] };
    await workbook(parts, { [firstSheet]: 600 * megabyte });
    await assert.rejects(lengths(), /is damaged/); // it was read: it is smaller than the directory says
    await workbook(parts, { [firstSheet]: 800 * megabyte });
    await assert.rejects(lengths(), /would unpack to over 70\d MB/);
    await workbook(parts, { [texts]: 600 * megabyte });
    await assert.rejects(lengths(), /would unpack to over 512 MB/);
  });

  it('are bounded in all, though their cells share a text', async () => {
    const row = `<row>${cell.repeat(2)}</row>`;
    await workbook({ [firstSheet]: sheet(header + row.repeat(5)), [texts]: shared });
    assert.equal((await lengths()).length, 5);
    await assert.rejects(lengths(7 * megabyte), /would unpack to over 7 MB/);
  });

  it('go on in further rows for no more than 128 million characters, each', async () => {
    const first = `<row><c r="A2" t="str"><v>a</v></c><c r="N2" t="str"><v>uri continues in 100 cells:</v></c></row>`;
    const more = `<row><c r="N3" t="s"><v>0</v></c>${cell.repeat(99)}</row>`;
    await workbook({ [firstSheet]: sheet(named(...eventFields) + (first + more).repeat(2)), [texts]: shared });
    const found = await lengths();
    assert.deepEqual([found.length, ...found.map((length) => Math.floor(length / 1e6))], [2, 100, 100]);
    await workbook({ [firstSheet]: sheet(named(...eventFields) + first + more.repeat(2)), [texts]: shared });
    await assert.rejects(lengths(), /a record of over 128 million characters/);
  });

  it('have rows of no more than 128 million characters, though their cells share a text', async () => {
    await workbook({ [firstSheet]: sheet(`${header}<row>${cell.repeat(135)}</row>`), [texts]: shared });
    await assert.rejects(lengths(), /a record of over 128 million characters/);
  });

  it('share no text without end', async () => {
    await workbook({
      [firstSheet]: sheet(header),
      [texts]: `<sst><si><t>${'x<!---->'.repeat(2 * megabyte)}</t></si></sst>`,
    });
    await assert.rejects(lengths(), /is damaged/);
  });

  it('share no more than ten million texts', async () => {
    const some = Buffer.from('<si/>'.repeat(100_000));
    await workbook({ [firstSheet]: sheet(header), [texts]: new Array<Buffer>(101).fill(some) });
    await assert.rejects(lengths(), /is damaged/);
  });

  it('end with the reason of who cancels', async () => {
    await workbook({ [firstSheet]: sheet(header) });
    const items = readXlsxItems(folder.file('a.xlsx'), AbortSignal.abort());
    await assert.rejects(items[Symbol.asyncIterator]().next(), { name: 'AbortError' });
  });

  it('are in no archive of something else', async () => {
    await writeZip(folder.file('a.xlsx'), { 'word/document.xml': '<document/>' });
    await assert.rejects(lengths(), /is damaged, or not an Excel workbook/);
  });
});
