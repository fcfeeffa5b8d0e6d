import { eventFields } from '../core/event';
import { columnText } from './columns';
import { slices } from './slices';
import { sliceSize, textWriter } from './textWriter';
import type { Writer } from './writer';

/**
 * RFC 4180 with the given delimiter: UTF-8 with BOM, CRLF, one header line. A missing field is an empty cell, an empty
 * text is `""`. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
 */
export function delimitedWriter(delimiter: ',' | '\t'): Writer {
  const special = new RegExp(`[${delimiter}"\\r\\n]|^$|^\\s|\\s$`);
  return textWriter({
    head: `\uFEFF${eventFields.join(delimiter)}\r\n`,
    *pieces(event, _index, { formulaGuard }) {
      for (const [column, field] of eventFields.entries()) {
        if (column > 0) yield delimiter;
        const value = columnText(event, field);
        if (value === undefined) continue;
        const text = formulaGuard ? guardFormula(value) : value;
        if (text.length <= sliceSize && !special.test(text)) {
          yield text;
          continue;
        }
        yield '"';
        for (const slice of slices(text, sliceSize)) yield slice.replaceAll('"', '""');
        yield '"';
      }
      yield '\r\n';
    },
    tail: '',
  });
}

/**
 * Prefixes `'` to a text that a spreadsheet would run as a formula, and to one that looks as if that had been done, so that
 * {@link unguardFormula} gives every text back.
 */
export function guardFormula(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** Undoes {@link guardFormula}. In a file written without the guard, a text beginning with `'=` loses its quote. */
export function unguardFormula(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
