import { UserError } from '../core/errors';
import { message } from '../core/message';
import type { CompareOperator, Search } from '../core/search';
import { readTime } from '../core/time';
import { kindFields } from './kinds';
import { noTime } from './schema';

/** A condition on the row `e` of `events`; its values are bound, never part of the text. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

const maxDepth = 200;

/** SQLite refuses longer LIKE patterns; every character may be escaped and needs up to three bytes. */
const maxContains = 8_000;

const ofKind = new Set<string>(kindFields);

/** The columns that hold a documented field's text, the dearest to read last. */
const textColumns = new Map([
  ['event_id', 'e.event_id'],
  ['request_id', 'e.request_id'],
  ['uri', 'e.uri'],
  ['timestamp', "coalesce(e.timestamp, strftime('%Y-%m-%dT%H:%M:%SZ', e.time / 1000, 'unixepoch'))"],
  ['request_body', '(SELECT b.request_body FROM bodies b WHERE b.id = e.id)'],
  ['response_body', '(SELECT b.response_body FROM bodies b WHERE b.id = e.id)'],
]);

/**
 * The search as SQL that finds what {@link matches} of core finds. Needs the SQL function `extra_text(shape, field)`.
 * @throws UserError where the search passes SQLite's bounds
 */
export function compileSearch(search: Search): Condition {
  return compile(search, 0);
}

function compile(search: Search, depth: number): Condition {
  if (depth > maxDepth) throw new UserError(message('The filter is nested too deeply.'));
  switch (search.type) {
    case 'and':
    case 'or':
      return joinAll(
        search.items.map((item) => compile(item, depth + 1)),
        search.type === 'and' ? 'AND' : 'OR',
      );
    case 'not': {
      const { sql, parameters } = compile(search.item, depth + 1);
      return { sql: `NOT ${sql}`, parameters };
    }
    case 'exist':
      return compare(search.field, '<>', '');
    case 'compare':
      return compare(search.field, search.op, search.value);
    case 'text':
      return compileText(search.value);
  }
}

/** `a AND b AND c` as a balanced tree: SQLite bounds the depth of expressions, and a chain is as deep as it is long. */
function joinAll(items: readonly Condition[], operator: 'AND' | 'OR'): Condition {
  const [first] = items;
  if (!first) return { sql: operator === 'AND' ? '1' : '0', parameters: [] };
  if (items.length === 1) return first;
  const middle = items.length >> 1;
  const left = joinAll(items.slice(0, middle), operator);
  const right = joinAll(items.slice(middle), operator);
  return { sql: `(${left.sql} ${operator} ${right.sql})`, parameters: [...left.parameters, ...right.parameters] };
}

function compileText(value: string): Condition {
  const pattern = containsPattern(value);
  const kinds = kindFields.map((field) => inKinds(field, "LIKE ? ESCAPE '\\'", pattern));
  const texts = [...textColumns.values()].map((column) => ({
    sql: `(${column} LIKE ? ESCAPE '\\')`,
    parameters: [pattern],
  }));
  return joinAll([...kinds, ...texts], 'OR');
}

function compare(field: string, op: CompareOperator, value: string): Condition {
  const test = op === ':' ? "LIKE ? ESCAPE '\\'" : `${op} ?`;
  const operand = op === ':' ? containsPattern(value) : value;
  if (ofKind.has(field)) return inKinds(field, test, operand);
  const column = textColumns.get(field);
  if (column === undefined) return { sql: `(extra_text(e.shape, ?) ${test})`, parameters: [field, operand] };
  const time = field === 'timestamp' && op !== ':' ? readTime(value) : undefined;
  if (time === undefined) return { sql: `(${column} ${test})`, parameters: [operand] };
  return {
    sql: `CASE WHEN e.time = ${noTime} THEN ${column} ${test} ELSE e.time ${op} ? END`,
    parameters: [operand, time],
  };
}

function inKinds(field: string, test: string, operand: string): Condition {
  return { sql: `(e.kind IN (SELECT id FROM kinds WHERE ${field} ${test}))`, parameters: [operand] };
}

function containsPattern(value: string): string {
  if (value.length > maxContains) {
    throw new UserError(message('The search text may have at most {0} characters.', maxContains));
  }
  return `%${value.replace(/[\\%_]/g, '\\$&')}%`;
}
