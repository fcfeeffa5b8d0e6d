import { writeFileSync } from 'node:fs';
import { zip } from '../../../src/export/write/zip';
import { never } from './support';

/** Where the only sheet lies. */
export const firstSheet = 'xl/worksheets/sheet1.xml';

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relations = `<Relationships>
  <Relationship Id="sheet1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/>
  <Relationship Id="texts" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`;

/** A workbook's description that names these sheets. */
export function book(...sheets: readonly string[]): string {
  return `<workbook><sheets>${sheets.map((id) => `<sheet name="${id}" r:id="${id}"/>`).join('')}</sheets></workbook>`;
}

export function sheet(rows: string): string {
  return `<worksheet><sheetData>${rows}</sheetData></worksheet>`;
}

/** Packs parts as they are. */
export async function writeZip(file: string, parts: Readonly<Record<string, string | Iterable<Buffer>>>) {
  const entries = Object.entries(parts).map(([path, data]) => ({
    path,
    data: typeof data === 'string' ? [Buffer.from(data)] : data,
  }));
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip(entries as unknown as AsyncIterable<(typeof entries)[number]>, never))
    chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  writeFileSync(file, bytes);
  return bytes;
}

/** A workbook of these parts; the directory tells of `lies` other sizes. */
export async function writeWorkbook(
  file: string,
  parts: Readonly<Record<string, string | Iterable<Buffer>>>,
  lies: Readonly<Record<string, number>> = {},
): Promise<void> {
  const all = { 'xl/workbook.xml': book('sheet1'), 'xl/_rels/workbook.xml.rels': relations, ...parts };
  const bytes = await writeZip(file, all);
  for (const [name, size] of Object.entries(lies)) bytes.writeUInt32LE(size, bytes.lastIndexOf(name) - 46 + 24);
  writeFileSync(file, bytes);
}
