import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { readPart, type ZipPart } from './unzip';
import { readAttributes, XmlReader, type XmlHandler } from './xmlReader';

/** What the sheets of a workbook refer to. */
export interface Workbook {
  readonly sheets: readonly ZipPart[];
  readonly sharedTexts: readonly string[];
  /** For each style, whether it shows numbers as moments. */
  readonly dateStyles: readonly boolean[];
  /** Serial numbers count from 1904. */
  readonly since1904: boolean;
}

/** Texts that cells share; more are in no workbook that a spreadsheet program writes. */
const maxSharedTexts = 10_000_000;

/** UTF-16 units of one of them. */
const maxText = 1 << 20;

const main = 'xl/workbook.xml';

/** The parts that are held in memory, whatever the size of the sheets. */
export function heldParts(parts: ReadonlyMap<string, ZipPart>): ZipPart[] {
  return [...parts.values()].filter(({ path }) => !path.startsWith('xl/worksheets/'));
}

/** @throws Error where there is none */
export async function readWorkbook(
  file: FileHandle,
  parts: ReadonlyMap<string, ZipPart>,
  signal: AbortSignal,
): Promise<Workbook> {
  const read = async (path: string | undefined, handler: Partial<XmlHandler>): Promise<void> => {
    const part = path === undefined ? undefined : parts.get(path);
    if (!part) return;
    const ignore = (): void => undefined;
    const reader = new XmlReader({ open: ignore, close: ignore, text: ignore, ...handler });
    for await (const chunk of readPart(file, part, signal)) reader.push(chunk);
  };
  if (!parts.has(main)) throw new Error('No workbook');
  const targets = new Map<string, string>();
  const byType = new Map<string, string>();
  await read('xl/_rels/workbook.xml.rels', {
    open(name, tag) {
      if (name !== 'Relationship') return;
      const { Id = '', Target = '', Type = '' } = readAttributes(tag);
      const path = Target.startsWith('/') ? Target.slice(1) : posix.join('xl', Target);
      targets.set(Id, path);
      byType.set(Type.slice(Type.lastIndexOf('/') + 1), path);
    },
  });
  // None twice, however often it is named.
  const sheets = new Set<ZipPart>();
  let since1904 = false;
  await read(main, {
    open(name, tag) {
      if (name === 'workbookPr') since1904 = /^(?:1|true)$/.test(readAttributes(tag)['date1904'] ?? '');
      const part = name === 'sheet' ? parts.get(targets.get(readAttributes(tag)['id'] ?? '') ?? '') : undefined;
      if (part) sheets.add(part);
    },
  });
  const sharedTexts: string[] = [];
  await read(byType.get('sharedStrings'), collectTexts(sharedTexts));
  const dateStyles: boolean[] = [];
  await read(byType.get('styles'), collectStyles(dateStyles));
  return { sheets: [...sheets], sharedTexts, dateStyles, since1904 };
}

function collectTexts(texts: string[]): Partial<XmlHandler> {
  let text: string | undefined;
  let isText = false;
  let isPhonetic = false;
  return {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') isPhonetic = true;
      else if (name === 't') isText = !isPhonetic;
    },
    text(part) {
      if (isText && text !== undefined && (text += part).length > maxText) throw new Error('A text without end');
    },
    close(name) {
      if (name === 't') isText = false;
      else if (name === 'rPh') isPhonetic = false;
      else if (name === 'si' && text !== undefined) {
        if (texts.push(decodeEscapes(text)) > maxSharedTexts) throw new Error('Too many texts');
        text = undefined;
      }
    },
  };
}

function collectStyles(dateStyles: boolean[]): Partial<XmlHandler> {
  const formats = new Map<string, string>();
  let isCell = false;
  return {
    open(name, tag) {
      if (name === 'cellXfs') isCell = true;
      const { numFmtId = '', formatCode = '' } = name === 'numFmt' || name === 'xf' ? readAttributes(tag) : {};
      if (name === 'numFmt') formats.set(numFmtId, formatCode);
      else if (name === 'xf' && isCell) dateStyles.push(isDateFormat(Number(numFmtId), formats.get(numFmtId)));
    },
    close(name) {
      if (name === 'cellXfs') isCell = false;
    },
  };
}

/** Of the formats without a code, these show moments. */
function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47);
  return /[ymdhs]/i.test(code.replace(/"[^"]*"?|\\.|\[[^\]]*\]?/g, ''));
}

/** What XML cannot hold stands in a workbook as _xHHHH_. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([\da-f]{4})_/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
