import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eventFields } from '../../../../src/core/event/event';
import {
  formatSearch,
  parseSearch,
  SearchError,
  type CompareOperator,
  type Search,
} from '../../../../src/core/search/search';
import { compareCodePoints, matches } from '../../../../src/core/search/searchEvaluate';

const fields = new Set<string>([...eventFields, 'x-extra field']);
const compare = (field: string, op: CompareOperator, value: string): Search => ({ type: 'compare', field, op, value });
const text = (value: string): Search => ({ type: 'text', value });

describe('parseSearch', () => {
  const a = compare('action', '=', 'a');
  const b = compare('source', '=', 'b');
  const c = text('c');
  const readable: readonly (readonly [query: string, search: Search])[] = [
    ['source=nova', compare('source', '=', 'nova')],
    ['source = nova', compare('source', '=', 'nova')],
    ['source\n=\t"nova"', compare('source', '=', 'nova')],
    ['action="create-vm"', compare('action', '=', 'create-vm')],
    ['action<>vm', compare('action', '<>', 'vm')],
    ['action<vm', compare('action', '<', 'vm')],
    ['action>vm', compare('action', '>', 'vm')],
    ['action<=vm', compare('action', '<=', 'vm')],
    ['action>=vm', compare('action', '>=', 'vm')],
    ['action:vm', compare('action', ':', 'vm')],
    ['action=""', compare('action', '=', '')],
    ['action=vm_1', compare('action', '=', 'vm_1')],
    ['action=007', compare('action', '=', '007')],
    ['uri:"/v2.1/servers"', compare('uri', ':', '/v2.1/servers')],
    ['action="say \\"hi\\" \\\\ \\x"', compare('action', '=', 'say "hi" \\ x')],
    ['timestamp>="2026-11-01T00:00:00Z"', compare('timestamp', '>=', '2026-11-01T00:00:00Z')],
    ['"x-extra field"=1', compare('x-extra field', '=', '1')],
    ['user_email EXIST', { type: 'exist', field: 'user_email' }],
    ['user_email exist', { type: 'exist', field: 'user_email' }],
    ['"x-extra field" EXIST', { type: 'exist', field: 'x-extra field' }],
    ['nova', text('nova')],
    ['"two words"', text('two words')],
    ['"AND"', text('AND')],
    ['action="NOT"', compare('action', '=', 'NOT')],
    ['action', text('action')],
    ['42', text('42')],
    ['action=a AND source=b', { type: 'and', items: [a, b] }],
    ['action=a and source=b Or c', { type: 'or', items: [{ type: 'and', items: [a, b] }, c] }],
    ['c OR action=a AND source=b', { type: 'or', items: [c, { type: 'and', items: [a, b] }] }],
    ['c AND (action=a OR source=b)', { type: 'and', items: [c, { type: 'or', items: [a, b] }] }],
    ['NOT action=a AND source=b', { type: 'and', items: [{ type: 'not', item: a }, b] }],
    ['NOT (action=a AND source=b)', { type: 'not', item: { type: 'and', items: [a, b] } }],
    ['NOT NOT c', { type: 'not', item: { type: 'not', item: c } }],
    ['((c))', c],
    ['(action=a)AND(source=b)', { type: 'and', items: [a, b] }],
    ['a OR b OR c', { type: 'or', items: [text('a'), text('b'), c] }],
  ];
  for (const [query, search] of readable) {
    it(`reads ${query}`, () => assert.deepEqual(parseSearch(query, fields), search));
  }

  /** The part between » and « is what the error must point at. */
  const unreadable: readonly (readonly [query: string, says: RegExp])[] = [
    ['»«', /empty/],
    ['   »«', /empty/],
    ['»sorce«=nova', /no field “sorce”. Did you mean source\?/],
    ['»email«=x', /Did you mean user_email\?/],
    ['»user«=x', /Did you mean user_agent, user_email, user_id\?|Did you mean user_email, user_id, user_agent\?/],
    ['»Source«=nova', /Did you mean source\?/],
    ['»zzzzzzz«=nova', /no field “zzzzzzz”. Fields: timestamp, source/],
    ['»zzzzzzz« EXIST', /no field/],
    ['c AND »sorce« EXIST', /Did you mean source\?/],
    ['action=»create-vm«', /needs quotes: "create-vm"/],
    ['»create-vm«', /needs quotes: "create-vm"/],
    ['timestamp>»2026-11-01T00:00:00Z«', /needs quotes: "2026-11-01T00:00:00Z"/],
    ['uri:»/v2.1/servers«', /needs quotes/],
    ['action=»_a«', /needs quotes/],
    ['action=»1a«', /needs quotes/],
    ['action=»сервер«', /needs quotes/],
    ['action=»"never closed«', /quote is never closed/],
    ['»"«', /quote is never closed/],
    ['action=»"end \\"«', /quote is never closed/],
    ['»(«a OR b', /parenthesis is never closed/],
    ['a AND »(«b OR (c)', /parenthesis is never closed/],
    ['a»)«', /never opened/],
    ['»)«', /never opened/],
    ['»()«', /nothing between/],
    ['a »b«', /AND or OR is missing/],
    ['(a »b«)', /AND or OR is missing/],
    ['source »nova«', /After the field “source” an operator is missing/],
    ['user_email »NOT« EXIST', /After the field “user_email” an operator is missing/],
    ['source=nova »=« x', /Before = a field is missing/],
    ['»=« nova', /Before = a field is missing/],
    ['source»=«', /After = a value is missing/],
    ['source»=« AND a', /After = a value is missing/],
    ['source»<=«>x', /After <= a value is missing/],
    ['a AND»«', /ends where a condition is missing/],
    ['NOT»«', /ends where a condition is missing/],
    ['a OR »AND« b', /Before AND a condition is missing/],
    ['(a OR »)«', /Before \) a condition is missing/],
    ['»EXIST«', /Before EXIST a condition is missing/],
    [`${'('.repeat(100)}»(«a`, /nested too deeply/],
    [`${'NOT '.repeat(100)}»NOT« a`, /nested too deeply/],
    [`${'a OR '.repeat(500)}»a«`, /more than 500 conditions/],
  ];
  for (const [marked, says] of unreadable) {
    it(`points at the fault in ${marked.length > 60 ? `${marked.slice(0, 30)}…` : marked}`, () => {
      const [before = '', at = '', after = ''] = marked.split(/[»«]/);
      assert.throws(
        () => parseSearch(before + at + after, fields),
        (error) => {
          assert.ok(error instanceof SearchError);
          assert.match(error.message, says);
          assert.deepEqual([error.position, error.length], [before.length, at.length]);
          return true;
        },
      );
    });
  }

  it('takes 500 conditions and a hundred parentheses', () => {
    const long = parseSearch(`${'a OR '.repeat(499)}a`, fields);
    assert.ok(long.type === 'or' && long.items.length === 500);
    assert.deepEqual(parseSearch('('.repeat(100) + 'a' + ')'.repeat(100), fields), text('a'));
  });

  it('answers every text with a search or a SearchError that lies in it', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '=',
      '<>',
      '<',
      ':',
      'AND',
      'or',
      'NOT',
      'EXIST',
      'source',
      'nova',
      '"a b"',
      '"',
      '\\',
      ' ',
      '1',
      'é',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join(' ')),
        ),
        (query) => {
          try {
            parseSearch(query, fields);
          } catch (error) {
            assert.ok(error instanceof SearchError);
            assert.ok(error.position >= 0 && error.length >= 0 && error.position + error.length <= query.length);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

const anySearch = fc.letrec<{ search: Search }>((tie) => {
  const value = fc.oneof(
    fc.constantFrom('nova', 'AND', '', 'a b', '"', '\\', '2026-11-01T00:00:00Z', '17'),
    fc.string(),
  );
  const field = fc.constantFrom(...fields);
  const items = fc.array(tie('search'), { minLength: 2, maxLength: 3 });
  return {
    search: fc.oneof(
      { maxDepth: 4 },
      fc.record({ type: fc.constant('text' as const), value }),
      fc.record({ type: fc.constant('exist' as const), field }),
      fc.record({
        type: fc.constant('compare' as const),
        field,
        op: fc.constantFrom<CompareOperator>('=', '<>', '<', '>', '<=', '>=', ':'),
        value,
      }),
      fc.record({ type: fc.constant('not' as const), item: tie('search') }),
      fc.record({ type: fc.constantFrom('and' as const, 'or' as const), items }),
    ),
  };
}).search;

describe('formatSearch', () => {
  it('writes what parseSearch reads back', () => {
    fc.assert(
      fc.property(anySearch, (search) => {
        // fast-check makes objects without a prototype, which are not deeply equal to others.
        assert.deepEqual(parseSearch(formatSearch(search), fields), structuredClone(search));
      }),
    );
  });
});

describe('matches', () => {
  const event = {
    event_id: 'E-1',
    timestamp: '2026-11-22T10:00:00Z',
    source: 'nova',
    action: 'Create-VM',
    user_email: null,
    uri: '/v2.1/servers/ÄÖ',
    request_body: '{"name":"web"}',
    extra: { deep: [1] },
    count: 7,
    user_id: '',
  };
  const known = new Set([...eventFields, 'extra', 'count']);
  const cases: readonly (readonly [query: string, found: boolean])[] = [
    ['source=nova', true],
    ['source=Nova', false],
    ['source:NOV', true],
    ['action:"create-v"', true],
    ['uri:"äö"', false], // only ASCII letters are alike
    ['uri:"ÄÖ"', true],
    ['source<>nova', false],
    ['user_agent<>x', true],
    ['user_agent=""', true],
    ['user_agent<a', true],
    ['source>nov', true],
    ['source<novb', true],
    ['source>=nova AND source<=nova', true],
    ['source EXIST', true],
    ['user_email EXIST', false],
    ['user_id EXIST', false],
    ['method EXIST', false],
    ['NOT method EXIST', true],
    ['WEB', true],
    ['deep', true], // a bare value searches all fields
    ['extra:deep', true],
    ['count=7', true],
    ['count>65', true], // lexicographic
    ['timestamp="2026-11-22T13:00:00+03:00"', true],
    ['timestamp<"2026-11-22T13:00:01+03:00"', true],
    ['timestamp>"2026-11-22T09:59:59.999Z"', true],
    ['timestamp>"2026-11"', true],
    ['timestamp<>"2026-11-22T10:00:00.000Z"', false],
    ['timestamp:"11-22T"', true],
    ['source=nova AND method EXIST OR WEB', true],
    ['source=nova AND (method EXIST OR absent)', false],
    ['""', true],
  ];
  for (const [query, found] of cases) {
    it(query, () => assert.equal(matches(parseSearch(query, known), event), found));
  }

  it('orders by code point, as UTF-8 does', () => {
    const encoder = new TextEncoder();
    const wellFormed = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(wellFormed, wellFormed, (left, right) => {
        assert.equal(
          Math.sign(compareCodePoints(left, right)),
          Buffer.compare(encoder.encode(left), encoder.encode(right)),
        );
      }),
    );
    assert.ok(compareCodePoints('\u{10000}', '\uffee') > 0);
  });

  it('obeys the laws of logic', () => {
    fc.assert(
      fc.property(anySearch, anySearch, (left, right) => {
        const both = matches({ type: 'and', items: [left, right] }, event);
        assert.equal(both, matches(left, event) && matches(right, event));
        const neither = matches({ type: 'not', item: { type: 'or', items: [left, right] } }, event);
        assert.equal(neither, !matches(left, event) && !matches(right, event));
      }),
    );
  });
});
