import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { deflateRawSync } from 'node:zlib';
import { isCancelled } from '../../../../src/core/base/errors';
import { readDirectory, readPart, type ZipPart } from '../../../../src/export/read/unzip';
import { never, useFolder } from '../support';
import { writeZip } from '../workbook';

const name = 'part.xml';
const text = 'я'.repeat(100_000);

describe('an archive', () => {
  const folder = useFolder();
  let file: FileHandle;
  afterEach(() => file.close());

  async function put(bytes: Uint8Array): Promise<FileHandle> {
    writeFileSync(folder.file('a.zip'), bytes);
    return (file = await open(folder.file('a.zip')));
  }

  /** The text of the only part of an archive whose directory was changed. */
  async function readChanged(change: (bytes: Buffer, entry: number) => void, content = [Buffer.from(text)]) {
    const bytes = await writeZip(folder.file('a.zip'), { [name]: content });
    change(bytes, bytes.lastIndexOf(name) - 46);
    const part = (await readDirectory(await put(bytes))).get(name)!;
    let found = '';
    for await (const chunk of readPart(file, part, never)) found += chunk;
    return found;
  }

  it('gives a part as it was packed', async () => assert.equal(await readChanged(() => undefined), text));

  for (const [what, change, reason] of [
    ['whose size is less than the directory says', (bytes, at) => bytes.writeUInt32LE(3e5, at + 24), /is damaged/],
    ['whose checksum is another', (bytes, at) => bytes.writeUInt32LE(1, at + 16), /is damaged/],
    ['that is elsewhere', (bytes, at) => bytes.writeUInt32LE(1, at + 42), /not where the directory says/],
    ['of a directory that is none', (bytes, at) => bytes.writeUInt32LE(1, at), /A damaged directory/],
    ['of a directory with too many entries', (bytes) => bytes.writeUInt16LE(2, bytes.length - 12), /out of range/],
  ] as readonly [string, (bytes: Buffer, entry: number) => void, RegExp][])
    it(`refuses a part ${what}`, () => assert.rejects(readChanged(change), reason));

  for (const [what, bytes] of [
    ['is no UTF-8', 'a\xff'],
    ['ends within a character', 'a\xd1'],
  ] as const)
    it(`refuses a part that ${what}`, () =>
      assert.rejects(
        readChanged(() => undefined, [Buffer.from(bytes, 'latin1')]),
        /not valid for encoding utf-8/,
      ));

  for (const [what, size, start, length, reason] of [
    ['of more than 4 MB', 5 << 20, 0, (4 << 20) + 1, /larger than that of any workbook/],
    ['outside of it', 100, 50, 100, /Cut off/],
  ] as const)
    it(`has no directory ${what}`, async () => {
      const end = Buffer.alloc(22);
      end.writeUInt32LE(0x0605_4b50, 0);
      end.writeUInt32LE(length, 12);
      end.writeUInt32LE(start, 16);
      await assert.rejects(readDirectory(await put(Buffer.concat([Buffer.alloc(size), end]))), reason);
    });

  it('is no file without an end of its directory', async () =>
    assert.rejects(readDirectory(await put(Buffer.alloc(1000))), /No directory/));

  for (const isDeflated of [true, false])
    it(`ends at once when it is cancelled, ${isDeflated ? 'packed' : 'as it is'}`, async () => {
      const blanks = Buffer.alloc(16 << 20, ' ');
      const content = isDeflated ? deflateRawSync(blanks) : blanks;
      const head = Buffer.alloc(30);
      head.writeUInt32LE(0x0403_4b50, 0);
      const part: ZipPart = { path: '', packed: content.length, size: blanks.length, offset: 0, crc: 0, isDeflated };
      await put(Buffer.concat([head, content]));
      const abort = new AbortController();
      let taken = 0;
      const taking = async (): Promise<void> => {
        for await (const chunk of readPart(file, part, abort.signal)) {
          taken += chunk.length;
          abort.abort();
        }
      };
      await assert.rejects(taking(), (error) => isCancelled(error));
      assert.ok(taken < 1 << 20, `${taken}`);
    });
});
