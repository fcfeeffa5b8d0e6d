import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { curlCommand } from '../../../src/core/curl';

describe('curlCommand', () => {
  it('names token and address as variables', () => {
    assert.equal(
      curlCommand('POST', '/v2.1/servers', { kind: 'json', text: '{"a":1}' }),
      `curl -X POST "$OS_ENDPOINT"/v2.1/servers \\\n  -H "X-Auth-Token: $OS_TOKEN" \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{"a":1}'`,
    );
  });

  for (const kind of ['empty', 'binary', 'missing'] as const) {
    it(`sends no body where it is ${kind}`, () => {
      const command = curlCommand('DELETE', '/x', { kind, text: '<BINARY_DATA>' });
      assert.equal(command, `curl -X DELETE "$OS_ENDPOINT"/x \\\n  -H "X-Auth-Token: $OS_TOKEN"`);
    });
  }

  it('reaches curl as it is, whatever is in it', function () {
    if (process.platform === 'win32') this.skip();
    const text = fc.string({
      unit: fc.constantFrom("'", '"', '$', '`', '\\', '\n', ' ', '!', ';', 'a', 'ж', '-'),
      minLength: 1,
    });
    const show = `curl() { for word; do printf '%s\\0' "$word"; done; }; OS_ENDPOINT=e; OS_TOKEN=t; `;
    fc.assert(
      fc.property(text, text, text, (method, uri, body) => {
        const script = show + curlCommand(method, uri, { kind: 'text', text: body });
        const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
        assert.deepEqual(words, ['-X', method, `e${uri}`, '-H', 'X-Auth-Token: t', '--data-raw', body]);
      }),
      { numRuns: 40 },
    );
  });
});
