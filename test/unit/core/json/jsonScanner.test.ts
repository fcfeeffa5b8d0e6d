import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonScanner } from '../../../../src/core/json/jsonScanner';
import { madeJson } from './madeJson';

function tokensOf(text: string): string[] {
  const scanner = new JsonScanner(text);
  const tokens: string[] = [];
  while (scanner.next()) tokens.push(text.slice(scanner.start, scanner.end));
  return tokens;
}

/** Pieces that make or break JSON. */
const broken = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('{}[],:"\\ \n\v\0'), '\u00a0', '\ufeff', '\ud800', '1é', '\\"', 'true'),
      madeJson,
    ),
  )
  .map((pieces) => pieces.join(''));

describe('JsonScanner', () => {
  const cases: readonly (readonly [text: string, tokens: readonly string[]])[] = [
    ['{"a" : [1,\n-2.5e3, true]}', ['{', '"a"', ':', '[', '1', ',', '-2.5e3', ',', 'true', ']', '}']],
    ['"a\\"b\\\\" 1', ['"a\\"b\\\\"', '1']],
    ['"cut off', ['"cut off']],
    ['"cut off\\', ['"cut off\\']],
    ['no"JSON"at all', ['no', '"JSON"', 'at', 'all']],
    ['1\0é\u00a0\v2', ['1\0é', '\u00a0', '\v', '2']],
    ['\0\0true', ['\0', '\0', 'true']],
    [' \t\r\n', []],
  ];
  for (const [text, tokens] of cases) it(JSON.stringify(text), () => assert.deepEqual(tokensOf(text), tokens));

  it('leaves out nothing but the blanks of JSON, whatever the text', () => {
    fc.assert(
      fc.property(broken, (text) => {
        const scanner = new JsonScanner(text);
        let end = 0;
        for (let more = true; more; end = scanner.end) {
          more = scanner.next();
          assert.match(text.slice(end, scanner.start), /^[ \n\r\t]*$/);
          assert.ok(more ? scanner.end > scanner.start : scanner.end === text.length);
        }
      }),
    );
  });

  it('tells strings, words and what begins nothing', () => {
    fc.assert(
      fc.property(broken, (text) => {
        const scanner = new JsonScanner(text);
        while (scanner.next()) {
          const { token, start, end, contentEnd } = scanner;
          const written = text.slice(start, end);
          if (token === '"') {
            assert.match(written, contentEnd < end ? /^"(?:[^"\\]|\\[^])*"$/ : /^"(?:[^"\\]|\\[^])*\\?$/);
          } else if (token === 'word') assert.match(written, /^[^\s\0,:{}[\]"][^\s,:{}[\]"]*$/);
          else if (token === 'foreign') assert.match(written, /^(?![ \n\r\t])[\s\0]$/);
          else assert.equal(written, token);
        }
      }),
    );
  });

  it('gives of JSON what makes the same JSON again', () => {
    fc.assert(
      fc.property(madeJson, (text) => {
        const laidOut = JSON.stringify(JSON.parse(text), undefined, 2);
        assert.equal(tokensOf(laidOut).join(''), JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('goes on where it is told to', () => {
    const scanner = new JsonScanner('[1, "a", 2]', 3);
    scanner.next();
    assert.deepEqual([scanner.token, scanner.start, scanner.contentEnd, scanner.end], ['"', 4, 6, 7]);
    scanner.end = 1;
    scanner.next();
    assert.deepEqual([scanner.token, scanner.start, scanner.end], ['word', 1, 2]);
  });
});
