import assert from 'node:assert/strict';
import { findLinks } from '../../../../webview/editor/links';
import { cpuTime } from '../../cpuTime';

const id = 'c6be363f-f56c-4b0e-9d0a-2f5a6f0c7e11';

describe('findLinks', () => {
  for (const [text, expected] of [
    [`"id": "${id}",`, [id]],
    [`/v2.1/servers/${id.toUpperCase()}/action`, [id.toUpperCase()]],
    [`req-${id}`, []],
    [`${id}-1`, []],
    ['"95.163.1.2/32"', ['95.163.1.2']],
    ['1.2.3.4.5', []],
    ['300.1.1.1', []],
    ['version 1.2.3', []],
    ['fa:16:3e:01:02:03', ['fa:16:3e:01:02:03']],
    ['"2001:db8::1"', ['2001:db8::1']],
    ['2026-11-22T14:03:21Z', []],
    ['std::vector a::b', ['a::b']],
    ['{"a":1,"b":2}', []],
  ] as const) {
    it(`finds ${expected.join() || 'nothing'} in ${text}`, () =>
      assert.deepEqual(
        findLinks(text).map((link) => link.text),
        expected,
      ));
  }

  it('takes no time over what repeats', () => {
    const start = cpuTime();
    for (const piece of ['a:', '1.', ':', `${id}-`, 'ffff:']) findLinks(piece.repeat(100_000));
    assert.ok(cpuTime() - start < 1_000);
  });
});
