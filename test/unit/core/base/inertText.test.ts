import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outwardError } from '../../../../src/core/redact/describeError';
import { UserError } from '../../../../src/core/base/errors';
import { inertText } from '../../../../src/core/base/inertText';
import { format, message } from '../../../../src/core/base/message';

/** What VS Code 1.103 to 1.139 makes links and icons of (linkedText.ts, iconLabels.ts); in notifications it turns line ends into spaces. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
const icon = /\$\([a-z]/i;

describe('inertText', () => {
  for (const [text, inert] of [
    ['nova', 'nova'],
    ['[Show](command:x)', '[Show] (command:x)'],
    ['[[a]](https://e.test "t")', '[[a]] (https://e.test "t")'],
    ['](](', '] (] ('],
    ['$(alert) $5 (cheap)', '$ (alert) $5 (cheap)'],
    ['f(x)[0] (y)', 'f(x)[0] (y)'],
    ['one\r\ntwo\u202e', 'one\ntwo\\u{202E}'],
  ] as const) {
    it(`reads ${JSON.stringify(text)} as ${JSON.stringify(inert)}`, () => assert.equal(inertText(text), inert));
  }

  it('lets no pieces join to a link or an icon, and changes nothing else', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '$',
      'command:x',
      'file:///',
      'https://e',
      '\n',
      ' ',
      '"t"',
      'a',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const inert = inertText(pieces.join(''));
        for (const shown of [inert, inert.replaceAll('\n', ' ')]) {
          assert.equal(shown.match(link), null);
          assert.ok(!icon.test(shown));
        }
        assert.equal(inert.replace(/(?<=[\]$]) (?=\()/g, ''), pieces.join('').replace(/(?<=[\]$]) (?=\()/g, ''));
        assert.equal(inertText(inert), inert);
      }),
      { numRuns: 2000 },
    );
  });

  it('stands in errors that leave the extension, also where template and words join', () => {
    const joined = new UserError(message('[{0}]{1}', 'Show', '(command:x)'));
    for (const error of [joined, new Error('[Show](command:x)')])
      assert.equal(outwardError(error, format).message, '[Show] (command:x)');
  });
});
