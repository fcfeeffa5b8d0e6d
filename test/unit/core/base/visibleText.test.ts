import assert from 'node:assert/strict';
import { visibleText } from '../../../../src/core/base/visibleText';

describe('visibleText', () => {
  const table: readonly (readonly [string, string])[] = [
    ['vm-action', 'vm-action'],
    ['действие 動作 🙂', 'действие 動作 🙂'],
    ['a\nb\tc', 'a b c'],
    ['\u202Etxt.exe', '\\u{202E}txt.exe'],
    ['zero\u200Bwidth', 'zero\\u{200B}width'],
    ['\u0000\u001b[31m', '\\u{0}\\u{1B}[31m'],
    ['\uD800lone', '\\u{D800}lone'],
    ['\uFEFFbom', '\\u{FEFF}bom'],
    ['tag\u{E0041}\u3164', 'tag\\u{E0041}\\u{3164}'],
  ];
  for (const [text, visible] of table) it(JSON.stringify(text), () => assert.equal(visibleText(text), visible));

  it('cuts long texts and says so', () => assert.equal(visibleText('x'.repeat(1000), 5), 'xxxxx…'));
});
