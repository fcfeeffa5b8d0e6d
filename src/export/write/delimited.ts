import { eventFields } from '../../core/event/event';
import { columnText } from '../columns';
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

/** What cells begin with that a spreadsheet runs: the signs, also full-width and small ones as they are typed in East Asia. */
const sign = '[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]';
/** What a spreadsheet may pass over before a sign: blanks, what is not seen, and a quote that it takes for its own. */
const passed = '(?![\\t\\r\\n])[\\p{White_Space}\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}"]';
const begins = (quote: string): RegExp => new RegExp(`^${quote}(?='*(?:${passed})*(?:${sign}|[\\t\\r\\n]))`, 'u');
const continues = (quote: string): RegExp => new RegExp(`([,;|\\t\\r\\n])${quote}(?='*(?:${passed})*${sign})`, 'gu');
const [atBegin, within] = [begins(''), continues('')];
const [quotedAtBegin, quotedWithin] = [begins("'"), continues("'")];

/**
 * Puts `'` before whatever a spreadsheet could run as a formula, and before what looks as if that had been done, so that
 * {@link unguardFormula} gives every text back. A spreadsheet of another language separates cells by other signs, and then knows no
 * quotes around them: behind each such sign, and behind each line end, a cell may begin.
 */
export function guardFormula(text: string): string {
  return text.replace(atBegin, "'").replace(within, "$1'");
}

/** Undoes {@link guardFormula}. In a file written without the guard, a text with `'=` where a cell may begin loses its quote. */
export function unguardFormula(text: string): string {
  return text.replace(quotedAtBegin, '').replace(quotedWithin, '$1');
}
