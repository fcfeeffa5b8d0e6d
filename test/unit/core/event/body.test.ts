import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  beginningOf,
  presentBody,
  revealSecret,
  type BodyKind,
  type BodyOptions,
} from '../../../../src/core/event/body';
import { toJson, type Json } from '../../../../src/core/json/json';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { layOutJson, sortJson } from '../../../../src/core/json/jsonLayout';
import { format } from '../../../../src/core/base/message';
import { mask } from '../../../../src/core/redact/redact';

const shown: BodyOptions = { redact: false };
const masked: BodyOptions = { redact: true };
const present = (body: string, options = shown): ReturnType<typeof presentBody> =>
  presentBody({ request_body: body }, 'request', options);

describe('presentBody', () => {
  const kinds: readonly (readonly [event: ActivityEvent, kind: BodyKind, text: string])[] = [
    [{}, 'missing', ''],
    [{ request_body: null }, 'missing', ''],
    [{ request_body: '' }, 'empty', ''],
    [{ request_body: ' \n' }, 'empty', ' \n'],
    [{ request_body: '<BINARY_DATA>' }, 'binary', '<BINARY_DATA>'],
    [{ request_body: '{}' }, 'json', '{}'],
    [{ request_body: '[]' }, 'json', '[]'],
    [{ request_body: 'null' }, 'json', 'null'],
    [{ request_body: '"text"' }, 'json', '"text"'],
    [{ request_body: '-1.50e+3' }, 'json', '-1.50e+3'],
    [{ request_body: '{"a":1}' }, 'json', '{\n  "a": 1\n}'],
    [{ request_body: '\ufeff[1]' }, 'json', '[\n  1\n]'],
    [{ request_body: { a: [1] } }, 'json', '{\n  "a": [\n    1\n  ]\n}'],
    [{ request_body: 5 }, 'json', '5'],
    [{ request_body: 'DELETE /v2.0/x HTTP/1.1' }, 'text', 'DELETE /v2.0/x HTTP/1.1'],
    [{ request_body: 'true story' }, 'text', 'true story'],
    [{ request_body: '2 apples' }, 'text', '2 apples'],
    [{ request_body: '"quoted" text' }, 'text', '"quoted" text'],
    [{ request_body: '{"a":1' }, 'brokenJson', '{"a":1'],
    [{ request_body: '<html>' }, 'text', '<html>'],
    [{ request_body: 'a\u0000b\ud800c\u202e' }, 'text', 'a\u0000b\ud800c\u202e'],
  ];
  for (const [event, kind, text] of kinds) {
    it(`${JSON.stringify(event)} is ${kind}`, () => {
      const body = presentBody(event, 'request', shown);
      assert.deepEqual([body.kind, body.text], [kind, text]);
      assert.equal(body.problem !== undefined, kind === 'brokenJson');
    });
  }

  const broken: readonly (readonly [body: string, problem: string])[] = [
    ['{"a":1', 'This JSON is cut off at line 1, column 7.'],
    ['{"a":"b', 'This JSON is cut off at line 1, column 8.'],
    ['{"a', 'This JSON is cut off at line 1, column 4.'],
    ['{"a"', 'This JSON is cut off at line 1, column 5.'],
    ['{', 'This JSON is cut off at line 1, column 2.'],
    ['{"a":tru', 'This JSON is cut off at line 1, column 9.'],
    ['{"a":"\\', 'This JSON is cut off at line 1, column 8.'],
    ['{"a":"\\u00', 'This JSON is cut off at line 1, column 11.'],
    ['{"a":-', 'This JSON is cut off at line 1, column 7.'],
    ['{\n  "a": 1,\n  b: 2\n}', 'This is not quite JSON: “b” is unexpected at line 3, column 3.'],
    ['{\r\n"a" 1}', 'This is not quite JSON: “1” is unexpected at line 2, column 5.'],
    ['[1,]', 'This is not quite JSON: “]” is unexpected at line 1, column 4.'],
    ['{"a":1,}', 'This is not quite JSON: “}” is unexpected at line 1, column 8.'],
    ['[1 2]', 'This is not quite JSON: “2” is unexpected at line 1, column 4.'],
    ['[01]', 'This is not quite JSON: “0” is unexpected at line 1, column 2.'],
    ['[NaN]', 'This is not quite JSON: “N” is unexpected at line 1, column 2.'],
    ["{'a':1}", "This is not quite JSON: “'” is unexpected at line 1, column 2."],
    ['{"a":}', 'This is not quite JSON: “}” is unexpected at line 1, column 6.'],
    ['["a\nb"]', 'This JSON is damaged: a character is not allowed in a string at line 1, column 4.'],
    ['["\\x"]', 'This JSON is damaged: a character is not allowed in a string at line 1, column 3.'],
    ['{} {}', 'This JSON is followed by something else at line 1, column 4.'],
    ['[]...', 'This JSON is followed by something else at line 1, column 3.'],
  ];
  for (const [body, problem] of broken) {
    it(`says where ${JSON.stringify(body)} is broken, and shows it as received`, () => {
      const { kind, text, problem: found } = present(body);
      assert.deepEqual([kind, text, found && format(found)], ['brokenJson', body, problem]);
    });
  }

  it('keeps every token as written', () => {
    const body = '{"big":12345678901234567890,"one":1.0,"huge":1e400,"a":1,"a":2,"\\u0061":"\\/\\u00e9","x":"\ud800"}';
    assert.equal(
      present(body).text,
      '{\n  "big": 12345678901234567890,\n  "one": 1.0,\n  "huge": 1e400,\n  "a": 1,\n  "a": 2,\n  "\\u0061": "\\/\\u00e9",\n  "x": "\ud800"\n}',
    );
    assert.equal(present(body, { redact: false, pretty: false }).text, body);
  });

  it('sorts keys, those of equal name as they came', () => {
    const body = '{"b":{"d":1,"c":[{"z":1,"y":2}]},"a":2,"B":3,"\\u0061":1,"":0}';
    assert.equal(
      present(body, { redact: false, sortKeys: true, pretty: false }).text,
      '{"":0,"B":3,"a":2,"\\u0061":1,"b":{"c":[{"y":2,"z":1}],"d":1}}',
    );
    assert.equal(
      present(body, { redact: false, sortKeys: true }).text,
      layOutJson(present(body, { redact: false, sortKeys: true, pretty: false }).text),
    );
  });

  it('shows the whole record, its bodies as the strings they are', () => {
    const event = { action: 'a', n: 1, request_body: '{"b":1}' };
    assert.equal(presentBody(event, 'event', shown).text, JSON.stringify(event, undefined, 2));
    assert.equal(
      presentBody(event, 'event', { redact: false, sortKeys: true }).text,
      JSON.stringify({ action: 'a', n: 1, request_body: '{"b":1}' }, undefined, 2),
    );
  });

  const opened = { redact: true, sortKeys: true, openStrings: true };
  for (const [body, expected] of [
    ['{"b":1,"a":"{\\"d\\":1.0,\\"c\\":[]}"}', '{\n  "a": \t{\n    "c": [],\n    "d": 1.0\n  },\n  "b": 1\n}'],
    ['["[1]",[1]]', '[\n  \t[\n    1\n  ],\n  [\n    1\n  ]\n]'],
    ['"[\\"{}\\"]"', '\t[\n  \t{}\n]'],
    [
      '{"a":\t{"b":"no {json}"},"c":"{","d":"{} {}"}',
      '{\n  "a": {\n    "b": "no {json}"\n  },\n  "c": "{",\n  "d": "{} {}"\n}',
    ],
    ['{"user":"{\\"adminPass\\":\\"hunter2\\"}"}', `{\n  "user": \t{\n    "adminPass": "${mask}"\n  }\n}`],
    // What is hidden as a whole stays closed: opened, the name in it would show.
    ['{"password":"{\\"name\\":\\"hunter2\\"}"}', `{\n  "password": "${mask}"\n}`],
    [
      JSON.stringify({ a: JSON.stringify({ password: '{"name":"hunter2"}' }) }),
      `{\n  "a": \t{\n    "password": "${mask}"\n  }\n}`,
    ],
  ] as const) {
    it(`opens the JSON in the strings of ${body}`, () => assert.equal(present(body, opened).text, expected));
  }

  it('opens strings in strings to a limit', () => {
    let body = '{}';
    for (let level = 0; level < 12; level++) body = JSON.stringify([body]);
    const { text } = present(body, opened);
    assert.equal(text.split('\t').length - 1, 8);
  });

  it('masks secrets and says where the masks stand', () => {
    const event = { response_body: '{"server":{"adminPass":"hunter2","passcode":12,"name":"web"}}', token: 'hunter3' };
    const body = presentBody(event, 'response', masked);
    assert.equal(
      body.text,
      `{\n  "server": {\n    "adminPass": "${mask}",\n    "passcode": "${mask}",\n    "name": "web"\n  }\n}`,
    );
    assert.deepEqual(
      body.secrets.map(({ start, end, path }) => [body.text.slice(start, end), path]),
      [
        [mask, 'server.adminPass'],
        [mask, 'server.passcode'],
      ],
    );
    assert.equal(revealSecret(event, 'response', masked, 0), 'hunter2');
    assert.equal(revealSecret(event, 'response', masked, 1), '12');
    assert.throws(() => revealSecret(event, 'response', masked, 2), RangeError);
    assert.equal(revealSecret(event, 'event', masked, 2), 'hunter3');

    const open = presentBody(event, 'response', shown);
    assert.deepEqual(
      open.secrets.map(({ start, end }) => open.text.slice(start, end)),
      ['hunter2', '12'],
    );
  });

  it('masks in every kind of body', () => {
    for (const body of [
      '{"adminPass":"hunter2',
      'password=hunter2',
      '"password: hunter2"',
      '{"adminPass":"hunter2"} x',
      '{adminPass:"hunter2"}',
    ]) {
      for (const options of [masked, { redact: true, pretty: false }, { redact: true, sortKeys: true }]) {
        const shownBody = present(body, options);
        assert.ok(!shownBody.text.includes('hunter2'), body);
        assert.ok(!(shownBody.problem && format(shownBody.problem).includes('hunter2')));
        assert.equal(revealSecret({ request_body: body }, 'request', options, 0).slice(0, 7), 'hunter2');
      }
    }
  });
});

describe('beginningOf', () => {
  const begin = (request_body: string, longest: number): ReturnType<typeof beginningOf> =>
    beginningOf(presentBody({ request_body }, 'request', { redact: true }), longest);

  it('leaves a short body whole', () => {
    const body = begin('{"a":1}', 100);
    assert.deepEqual([body.text, 'rest' in body], ['{\n  "a": 1\n}', false]);
  });

  it('ends with a line, else before what must not be cut', () => {
    const cases: [body: string, longest: number, text: string][] = [
      ['{"a":1,"b":2}', 15, '{\n  "a": 1,'],
      ['0123456789', 5, '01234'],
      ['abc\u{1f600}def', 4, 'abc'],
      ['xx password=hunter2 yy', 14, 'xx password='], // within the mask
      ['xx password=hunter2 yy', 18, 'xx password=••••••'],
    ];
    for (const [body, longest, text] of cases) {
      const whole = presentBody({ request_body: body }, 'request', { redact: true });
      const found = begin(body, longest);
      assert.equal(found.text, text);
      assert.equal(found.rest, whole.text.length - text.length);
      assert.deepEqual(
        found.secrets,
        whole.secrets.filter(({ end }) => end <= text.length),
      );
    }
  });

  it('hides what only the rest calls a secret', () => {
    const body = begin(
      JSON.stringify({ note: 'open-sesame-1', filler: 'x'.repeat(500), password: 'open-sesame-1' }),
      60,
    );
    assert.ok(body.rest && !body.text.includes('sesame') && body.text.includes(mask));
  });
});

describe('layOutJson', () => {
  it('lays out as JSON.stringify does, and reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(4), (value, indent) => {
        assert.equal(layOutJson(JSON.stringify(value, undefined, indent)), JSON.stringify(value, undefined, 2));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what JSON.parse refuses, and nothing else', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '.5',
      'e3',
      'true',
      'nul',
      ' ',
      '\n',
      '\u0001',
      '\u00a0',
      '\\u00g0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const result = layOutJson(text);
        assert.equal(typeof result === 'string', valid, text);
        assert.equal(typeof sortJson(text) === 'string', valid, text);
        if (typeof result !== 'string') assert.ok(result.position >= 0 && result.position <= text.length);
      }),
      { numRuns: 5000 },
    );
  });

  it('takes spaces anywhere', () => {
    assert.equal(
      layOutJson(' { "a" :\t1 ,\r\n"b":[ ] , "c" : { } , "d":[1 , 2]} '),
      '{\n  "a": 1,\n  "b": [],\n  "c": {},\n  "d": [\n    1,\n    2\n  ]\n}',
    );
  });

  it('stays linear and off the stack for JSON as deep or as dense as it can be', () => {
    for (const depth of [10_000, 100_000]) {
      for (const [open, close] of [
        ['[', ']'],
        ['{"a":', '}'],
        ['[0,', ']'],
      ] as const) {
        const text = `${open.repeat(depth)}1${close.repeat(depth)}`;
        for (const lay of [layOutJson, sortJson]) {
          const result = lay(text);
          assert.ok(typeof result === 'string' && result.length < text.length * 12 + 1_100_000);
          assert.equal(result.replace(/\s/g, ''), text);
        }
      }
    }
    const dense = `${'['.repeat(39)}${'0,'.repeat(200_000)}0${']'.repeat(39)}`;
    assert.equal(layOutJson(dense), dense); // would grow to 80 times its length
  });
});

describe('sortJson', () => {
  const sort = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sort);
    if (typeof value !== 'object' || value === null) return value;
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sort(member)]);
  };
  const entries = (text: string): unknown =>
    JSON.parse(text, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : value,
    );

  it('orders every object and changes nothing else', () => {
    // Keys like "1" come first in objects of JavaScript, whatever their place in the text.
    const key = fc.string({ unit: 'grapheme' }).map((text) => `k${text}`);
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.array(tie('tree')),
        fc.dictionary(key, tie('tree'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => assert.deepEqual(entries(sortJson(JSON.stringify(value)) as string), sort(value))),
    );
  });
});

describe('toJson', () => {
  it('writes as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>, (value) => {
        const depth = 6000;
        let deep = value;
        for (let level = 0; level < depth; level++) deep = level % 2 ? [deep, 1] : { a: deep, b: null };
        let expected = JSON.stringify(value);
        for (let level = 0; level < depth; level++)
          expected = level % 2 ? `[${expected},1]` : `{"a":${expected},"b":null}`;
        assert.equal(toJson(deep), expected);
        assert.equal(toJson(value), JSON.stringify(value));
      }),
      { numRuns: 20 },
    );
    assert.equal(toJson(JSON.parse('{"__proto__":[],"a":{}}') as Json), '{"__proto__":[],"a":{}}');
  });
});
