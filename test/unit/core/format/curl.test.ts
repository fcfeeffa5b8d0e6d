import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import type { Body } from '../../../../src/core/event/body';
import { curlCommand } from '../../../../src/core/format/curl';
import { format } from '../../../../src/core/base/message';

const body = (kind: Body['kind'], text = '', ...paths: string[]): Body => ({
  kind,
  text,
  secrets: paths.map((path) => ({ start: 0, end: 1, path })),
});
const plain = `-H "X-Auth-Token: $OS_TOKEN"`;

describe('curlCommand', () => {
  it('names token and address as variables', () => {
    assert.equal(
      curlCommand('POST', '/v2.1/servers', body('json', '{"a":1}'), format),
      `curl -X POST "$OS_ENDPOINT"/v2.1/servers \\\n  -H "X-Auth-Token: $OS_TOKEN" \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{"a":1}'`,
    );
  });

  for (const kind of ['empty', 'missing'] as const) {
    it(`sends no body where it is ${kind}`, () => {
      const command = curlCommand('DELETE', '/x', body(kind), format);
      assert.equal(command, `curl -X DELETE "$OS_ENDPOINT"/x \\\n  -H "X-Auth-Token: $OS_TOKEN"`);
    });
  }

  it('reads from a file what no command can hold', () => {
    const read = ` \\\n  --data-binary @body`;
    assert.equal(
      curlCommand('PUT', '/v2/images/1/file', body('binary', '<BINARY_DATA>'), format),
      `# The log does not hold the body: it is read from the file named body\ncurl -X PUT "$OS_ENDPOINT"/v2/images/1/file \\\n  ${plain}${read}`,
    );
    for (const long of [body('text', 'ж'.repeat(60_000)), { kind: 'tooLarge', length: 5_000_000 } as const]) {
      const command = curlCommand('POST', '/x', long, format);
      assert.ok(command.startsWith('# The body is too long for a command: ') && command.endsWith(read), command);
    }
  });

  it('names what is masked, in words that mean nothing to a shell', () => {
    const command = curlCommand(
      'POST',
      '/x',
      body('text', 'a', 'server.adminPass', '$(id)`id`\n;[0] "x"', 'ключ'),
      format,
    );
    assert.equal(command.split('\n')[0], '# Masked, to be filled in: server.adminPass, __id__id____0_ _x_, ключ');
  });

  it('keeps curl from reading patterns and dots in an address', () => {
    const command = curlCommand('GET', '/x/../y?a[]={b}', body('missing'), format);
    assert.ok(command.includes('--globoff') && command.includes('--path-as-is'), command);
  });

  it('reaches curl as it is, whatever is in it', function () {
    if (process.platform === 'win32') this.skip();
    const text = fc.string({
      unit: fc.constantFrom("'", '"', '$', '`', '\\', '\n', ' ', '!', ';', 'a', 'ж', '-', '\0'),
      minLength: 1,
    });
    const show = `curl() { for word; do printf '%s\\0' "$word"; done; }; OS_ENDPOINT=e; OS_TOKEN=t; `;
    fc.assert(
      fc.property(text, text, text, (method, uri, sent) => {
        const script = show + curlCommand(method, uri, body('text', sent), format);
        const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
        // No word of a shell can hold NUL.
        const expected = ['-X', method, `e${uri}`, '-H', 'X-Auth-Token: t', '--data-raw', sent];
        assert.deepEqual(
          words,
          expected.map((word) => word.replaceAll('\0', '')),
        );
      }),
      { numRuns: 40 },
    );
  });
});
