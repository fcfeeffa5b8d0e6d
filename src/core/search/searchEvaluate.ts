import { fieldText, type ActivityEvent } from '../event/event';
import type { CompareOperator, Search } from './search';
import { readTime } from '../time/time';

/** Whether `event` is found by `search`: the meaning that every other evaluation (SQL) must agree with. */
export function matches(search: Search, event: ActivityEvent): boolean {
  switch (search.type) {
    case 'and':
      return search.items.every((item) => matches(item, event));
    case 'or':
      return search.items.some((item) => matches(item, event));
    case 'not':
      return !matches(search.item, event);
    case 'exist':
      return fieldText(event, search.field) !== '';
    case 'text':
      return Object.keys(event).some((field) => contains(fieldText(event, field), search.value));
    case 'compare': {
      const text = fieldText(event, search.field);
      if (search.op === ':') return contains(text, search.value);
      return holds[search.op](compare(search.field, text, search.value));
    }
  }
}

const holds: Record<Exclude<CompareOperator, ':'>, (order: number) => boolean> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

/** `timestamp` is compared as a moment where both sides are one; everything else by code point. */
function compare(field: string, left: string, right: string): number {
  if (field === 'timestamp') {
    const leftTime = readTime(left);
    const rightTime = readTime(right);
    if (leftTime !== undefined && rightTime !== undefined) return leftTime - rightTime;
  }
  return compareCodePoints(left, right);
}

/** Order by code point, as SQLite has it: UTF-16 order puts U+10000 and above before U+E000. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return shiftSurrogate(a) - shiftSurrogate(b);
  }
  return left.length - right.length;
}

function shiftSurrogate(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/** Contains, upper and lower case of ASCII letters alike, as LIKE in SQLite. */
function contains(text: string, part: string): boolean {
  return lowerAscii(text).includes(lowerAscii(part));
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
