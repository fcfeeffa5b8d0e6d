import { eventFields } from '../../core/event/event';
import { columnWidths, timeFormats, toSerial, type Cell } from './sheetRows';

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const style = { seconds: 1, milliseconds: 2, header: 3 } as const;
const lastColumn = columnName(eventFields.length - 1);

/** What stands before the rows of a sheet, its header row included. */
export function sheetHead(): string {
  const widths = eventFields.map(
    (field, index) => `<col min="${index + 1}" max="${index + 1}" width="${columnWidths[field]}" customWidth="1"/>`,
  );
  const header = eventFields.map((field, index) => textCell(`${columnName(index)}1`, field, ` s="${style.header}"`));
  return (
    `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<sheetFormatPr defaultRowHeight="15"/><cols>${widths.join('')}</cols>` +
    `<sheetData><row r="1">${header.join('')}</row>`
  );
}

/** What stands after the rows of a sheet of `rows` rows. */
export function sheetTail(rows: number): string {
  return `</sheetData><autoFilter ref="A1:${lastColumn}${rows}"/></worksheet>`;
}

/** A row in pieces; `row` from 1. */
export function* rowPieces(row: number, cells: readonly Cell[]): Generator<string> {
  yield `<row r="${row}">`;
  for (const [column, cell] of cells.entries()) {
    if (cell === undefined) continue;
    const place = `${columnName(column)}${row}`;
    if (typeof cell === 'string') yield textCell(place, cell, '');
    else {
      const format = cell % 1000 === 0 ? style.seconds : style.milliseconds;
      yield `<c r="${place}" s="${format}"><v>${toSerial(cell)}</v></c>`;
    }
  }
  yield '</row>';
}

/** The parts that tie the sheets (names, each with its number of rows) into a workbook. */
export function workbookParts(sheets: readonly { name: string; rows: number }[]): { path: string; text: string }[] {
  const numbered = sheets.map((sheet, index) => ({ ...sheet, number: index + 1 }));
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const override = (path: string, type: string): string =>
    `<Override PartName="${path}" ContentType="${spreadsheet}.${type}+xml"/>`;
  return [
    { path: 'xl/styles.xml', text: styles },
    {
      path: 'xl/workbook.xml',
      text:
        `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
        numbered.map(({ name, number }) => `<sheet name="${name}" sheetId="${number}" r:id="rId${number}"/>`).join('') +
        '</sheets><definedNames>' +
        numbered
          .map(
            ({ name, rows, number }) =>
              `<definedName name="_xlnm._FilterDatabase" localSheetId="${number - 1}" hidden="1">` +
              `'${name}'!$A$1:$${lastColumn}$${rows}</definedName>`,
          )
          .join('') +
        '</definedNames></workbook>',
    },
    {
      path: 'xl/_rels/workbook.xml.rels',
      text:
        `${declaration}<Relationships xmlns="${packages}/relationships">` +
        numbered.map(({ number }) => relation(`rId${number}`, 'worksheet', `worksheets/sheet${number}.xml`)).join('') +
        `${relation('styles', 'styles', 'styles.xml')}</Relationships>`,
    },
    {
      path: '_rels/.rels',
      text:
        `${declaration}<Relationships xmlns="${packages}/relationships">` +
        `${relation('workbook', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    },
    {
      path: '[Content_Types].xml',
      text:
        `${declaration}<Types xmlns="${packages}/content-types">` +
        `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        '<Default Extension="xml" ContentType="application/xml"/>' +
        override('/xl/workbook.xml', 'sheet.main') +
        override('/xl/styles.xml', 'styles') +
        numbered.map(({ number }) => override(`/xl/worksheets/sheet${number}.xml`, 'worksheet')).join('') +
        '</Types>',
    },
  ];
}

const styles =
  `${declaration}<styleSheet xmlns="${main}"><numFmts count="2">` +
  `<numFmt numFmtId="164" formatCode="${timeFormats.seconds.replaceAll('"', '&quot;')}"/>` +
  `<numFmt numFmtId="165" formatCode="${timeFormats.milliseconds.replaceAll('"', '&quot;')}"/></numFmts>` +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">' +
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>' +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

function textCell(place: string, text: string, attributes: string): string {
  const keepsSpace = text.charCodeAt(0) <= 0x20 || text.charCodeAt(text.length - 1) <= 0x20;
  const space = keepsSpace ? ' xml:space="preserve"' : '';
  return `<c r="${place}"${attributes} t="inlineStr"><is><t${space}>${escapeXml(text)}</t></is></c>`;
}

// What XML cannot hold Excel writes as _xHHHH_, and so the underscore of a text that looks like it as _x005F_.
const unsafe = /[&<>\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}|_(?=x[0-9A-Fa-f]{4})/gu;

function escapeXml(text: string): string {
  return text.replace(unsafe, (character) => {
    if (character === '&') return '&amp;';
    if (character === '<') return '&lt;';
    if (character === '>') return '&gt;';
    if (character === '\r') return '&#13;';
    return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  });
}

/** The name of a column, from 0. */
export function columnName(column: number): string {
  const rest = Math.floor(column / 26) - 1;
  return (rest >= 0 ? columnName(rest) : '') + String.fromCharCode(65 + (column % 26));
}
