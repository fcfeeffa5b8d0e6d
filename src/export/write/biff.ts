/** The most bytes a BIFF8 record may hold. */
export const recordLimit = 8224;

/** Cell formats that {@link globalRecords} defines, by their index. */
export const cellFormat = { plain: 15, seconds: 16, milliseconds: 17, header: 18 } as const;

const boldFont = 5; // the fifth font: by an old quirk, index 4 does not exist

/** One record: id, length, content. */
export function record(id: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(content.length, 2);
  return Buffer.concat([head, content]);
}

export const endOfSubstream = record(0x000a, Buffer.alloc(0));

/** Little-endian numbers, each with its size in bytes. */
function pack(...numbers: readonly (readonly [size: 1 | 2 | 4, value: number])[]): Buffer {
  const bytes = Buffer.alloc(numbers.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of numbers) at = bytes.writeUIntLE(value, at, size);
  return bytes;
}

function shorts(...values: readonly number[]): Buffer {
  return pack(...values.map((value) => [2, value] as const));
}

/** Begins the globals of a workbook or a sheet. */
function beginning(of: 'globals' | 'sheet'): Buffer {
  return record(
    0x0809,
    pack([2, 0x0600], [2, of === 'globals' ? 0x05 : 0x10], [2, 0x0dbb], [2, 0x07cc], [4, 0], [4, 6]),
  );
}

/** Code page, window, fonts and formats: what stands before the list of sheets. */
export function globalRecords(formats: { readonly seconds: string; readonly milliseconds: string }): Buffer {
  const xf = (font: number, format: number, parent: number, used: number): Buffer =>
    record(
      0x00e0,
      pack([2, font], [2, format], [2, parent], [1, 0x20], [1, 0], [1, 0], [1, used], [4, 0], [4, 0], [2, 0x20c0]),
    );
  const [styleOf, cellOf] = [0xfff5, 0x0001];
  return Buffer.concat([
    beginning('globals'),
    record(0x0042, shorts(1200)), // UTF-16
    record(0x003d, shorts(0, 0, 0x3fcf, 0x2a4e, 0x38, 0, 0, 1, 600)),
    record(0x0022, shorts(0)), // days since 1900
    ...[0, 1, 2, 3].map(() => font(400)),
    font(700),
    record(0x041e, Buffer.concat([shorts(164), wideText(formats.seconds)])),
    record(0x041e, Buffer.concat([shorts(165), wideText(formats.milliseconds)])),
    xf(0, 0, styleOf, 0),
    ...Array.from({ length: 14 }, () => xf(0, 0, styleOf, 0xf4)),
    xf(0, 0, cellOf, 0),
    xf(0, 164, cellOf, 0x04),
    xf(0, 165, cellOf, 0x04),
    xf(boldFont, 0, cellOf, 0x08),
    record(0x0293, pack([2, 0x8000], [1, 0], [1, 0xff])), // "Normal"
  ]);
}

function font(weight: number): Buffer {
  const name = Buffer.from('Arial', 'latin1');
  const look = pack(
    [2, 200],
    [2, weight === 700 ? 1 : 0],
    [2, 0x7fff],
    [2, weight],
    [2, 0],
    [1, 0],
    [1, 2],
    [1, 0],
    [1, 0],
  );
  return record(0x0031, Buffer.concat([look, pack([1, name.length], [1, 0]), name]));
}

function wideText(text: string): Buffer {
  return Buffer.concat([pack([2, text.length], [1, 1]), Buffer.from(text, 'utf16le')]);
}

/** Names a sheet (Latin-1) and says at which byte of the stream it begins. The length does not depend on `offset`. */
export function sheetEntry(name: string, offset: number): Buffer {
  return record(
    0x0085,
    Buffer.concat([pack([4, offset], [2, 0], [1, name.length], [1, 0]), Buffer.from(name, 'latin1')]),
  );
}

/** What stands before the cells of a sheet. */
export function sheetHead(rows: number, columns: number, widths: readonly number[]): Buffer {
  return Buffer.concat([
    beginning('sheet'),
    ...widths.map((width, column) => record(0x007d, shorts(column, column, width * 256, cellFormat.plain, 0, 0))),
    record(0x0200, pack([4, 0], [4, rows], [2, 0], [2, columns], [2, 0])),
  ]);
}

/** What stands after the cells of a sheet: its window with the first row frozen. */
export function sheetTail(first: boolean): Buffer {
  const frozen = 0x01be; // grid, headers, zeros, automatic colour, outline, frozen without split
  return Buffer.concat([
    record(0x023e, pack([2, first ? frozen | 0x0600 : frozen], [2, 0], [2, 0], [4, 0x40], [2, 0], [2, 0], [4, 0])),
    record(0x0041, shorts(0, 1, 1, 0, 2)),
    endOfSubstream,
  ]);
}

/** Bytes of the longest cell record. */
export const maxCell = 18;

/** Puts a cell that shows text number `index` of the shared ones at `at`; returns where it ends. */
export function putTextCell(into: Buffer, at: number, place: CellPlace, index: number): number {
  return into.writeUInt32LE(index, putCell(into, at, 0x00fd, 10, place));
}

/** Puts a cell that holds a number at `at`; returns where it ends. */
export function putNumberCell(into: Buffer, at: number, place: CellPlace, value: number): number {
  return into.writeDoubleLE(value, putCell(into, at, 0x0203, 14, place));
}

interface CellPlace {
  readonly row: number;
  readonly column: number;
  readonly format: number;
}

function putCell(into: Buffer, at: number, id: number, length: number, { row, column, format }: CellPlace): number {
  let end = at;
  for (const value of [id, length, row, column, format]) end = into.writeUInt16LE(value, end);
  return end;
}
