import { message, type Message } from '../../core/base/message';
import { delimitedWriter } from './delimited';
import { writeJson, writeNdjson } from './json';
import { writeMarkdown } from './markdown';
import type { Writer } from './writer';
import { xlsWriter } from './xls';
import { xlsxWriter } from './xlsx';

export type ExportFormat = 'xlsx' | 'xls' | 'csv' | 'tsv' | 'json' | 'ndjson' | 'markdown';

export interface Format {
  /** What a person chooses it by. */
  readonly label: Message;
  /** Without the dot. */
  readonly extension: string;
  readonly write: Writer;
}

export const formats: { readonly [F in ExportFormat]: Format } = {
  xlsx: { label: message('Excel workbook'), extension: 'xlsx', write: xlsxWriter() },
  xls: { label: message('Excel 97-2003 workbook'), extension: 'xls', write: xlsWriter() },
  csv: { label: message('Comma-separated values'), extension: 'csv', write: delimitedWriter(',') },
  tsv: { label: message('Tab-separated values'), extension: 'tsv', write: delimitedWriter('\t') },
  json: { label: message('JSON as the API gives it'), extension: 'json', write: writeJson },
  ndjson: { label: message('One JSON event per line'), extension: 'ndjson', write: writeNdjson },
  markdown: { label: message('Markdown for a ticket'), extension: 'md', write: writeMarkdown },
};
