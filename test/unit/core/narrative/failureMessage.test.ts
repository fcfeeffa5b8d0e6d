import assert from 'node:assert/strict';
import fc from 'fast-check';
import { narrateEvent } from '../../../../src/core/narrative/eventStory';
import { mask } from '../../../../src/core/redact/redact';
import { cpuTime } from '../../cpuTime';

const of = (body: unknown, success = 'no'): string | undefined =>
  narrateEvent({ success, response_body: typeof body === 'string' ? body : JSON.stringify(body) }).failure;

describe('failureMessage', () => {
  const cases: readonly (readonly [what: string, body: unknown, said: string | undefined])[] = [
    ['nova', { badRequest: { code: 400, message: 'Invalid flavorRef.' } }, 'Invalid flavorRef.'],
    ['nova, any fault', { computeFault: { message: 'No valid host.', code: 500 } }, 'No valid host.'],
    ['neutron', { NeutronError: { type: 'PortInUse', message: 'Port is in use.', detail: '' } }, 'Port is in use.'],
    [
      'neutron with a detail',
      { NeutronError: { type: 'X', message: 'Bad input.', detail: 'cidr is wrong' } },
      'Bad input. cidr is wrong',
    ],
    ['neutron, a string', { NeutronError: 'Quota exceeded' }, 'Quota exceeded'],
    ['octavia', { faultcode: 'Client', faultstring: 'Pool is immutable.', debuginfo: null }, 'Pool is immutable.'],
    ['keystone', { error: { code: 401, message: 'Sign in first.', title: 'Unauthorized' } }, 'Sign in first.'],
    ['a string', { error: 'no such project' }, 'no such project'],
    ['OAuth', { error: 'invalid_grant', error_description: 'The code has expired.' }, 'The code has expired.'],
    ['a message alone', { message: 'Too many requests', code: 429 }, 'Too many requests'],
    ['manila', { itemNotFound: { code: 404, message: 'Share not found.' } }, 'Share not found.'],
    [
      'magnum',
      {
        errors: [
          { request_id: '', code: 'client', status: 409, title: 'Conflict', detail: 'Cluster exists.', links: [] },
        ],
      },
      'Cluster exists.',
    ],
    ['several', { errors: [{ detail: 'One.' }, { detail: 'Two.' }] }, 'One.; Two.'],
    ['ironic: JSON in JSON', { error_message: '{"faultstring": "Node is locked."}' }, 'Node is locked.'],
    ['barbican', { code: 403, title: 'Forbidden', description: 'Not allowed.' }, 'Not allowed.'],
    [
      'heat',
      {
        explanation: 'The server could not comply.',
        code: 400,
        error: { message: 'Stack exists', type: 'X' },
        title: 'Bad Request',
      },
      'Stack exists',
    ],
    [
      'fields',
      { errors: { name: ['is taken', 'is long'], size: ['is small'] } },
      'name: is taken; name: is long; size: is small',
    ],
    ['a message by field', { message: { name: 'is taken' } }, 'name: is taken'],
    ['a list of messages', { detail: [{ loc: ['body'], msg: 'field required' }] }, 'field required'],
    ['plain text', '  503 Service\n  Unavailable ', '503 Service Unavailable'],
    [
      'glance: a page',
      '<html>\n <head>\n  <title>403 Forbidden</title>\n </head>\n <body>\n  <h1>403 Forbidden</h1>\n  Access &lt;was&gt; denied.<br /><br />\n </body>\n</html>',
      '403 Forbidden Access <was> denied.',
    ],
    ['a page with a script', '<html><body><script>alert(1)</script>Bad gateway<style>a{}', 'Bad gateway'],
    ['cut off behind the message', '{"badRequest":{"message":"No.","co', 'No.'],
    ['cut off in the message', '{"badRequest":{"code":400,"message":"Not \\"enough', 'Not  enough…'.replace('  ', ' ')],
    ['a thing that is no error', { server: { name: 'a', description: 'Web server' } }, undefined],
    ['a flat thing that is no error', { id: '1', description: 'Web image' }, undefined],
    ['nothing', '', undefined],
    ['nothing in JSON', '{}', undefined],
    ['binary data', '<BINARY_DATA>', undefined],
    ['a number', '17', '17'],
    ['what turns text around', { message: 'a\u202eb' }, 'a\\u{202E}b'],
    ['a secret', { message: 'Bad password: hunter2' }, `Bad password: ${mask}`],
  ];
  for (const [what, body, said] of cases) it(what, () => assert.equal(of(body), said));

  it('masks what the request calls a secret', () => {
    const request_body = '{"changePassword":{"adminPass":"Hunter2-x"}}';
    const response_body = '{"badRequest":{"message":"Hunter2-x is too weak."}}';
    assert.equal(narrateEvent({ success: 'no', request_body, response_body }).failure, `${mask} is too weak.`);
  });

  it('is asked of what failed, and of what has no stated outcome', () => {
    const body = { badRequest: { message: 'No.' } };
    assert.equal(of(body, 'yes'), undefined);
    assert.equal(of(body, 'perhaps'), 'No.');
  });

  it('takes any body, and stays short', () => {
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((text) => `{"error":${text}}`),
    );
    fc.assert(
      fc.property(body, fc.nat(), (text, cut) => {
        const said = of(text.slice(0, cut % 200)) ?? 'x';
        assert.ok(said.length > 0 && !said.includes('\n'));
      }),
      { numRuns: 500 },
    );
    for (const piece of ['<a', '"message":"', '{"errors":', '[', '<script', '&amp', '\\']) {
      const start = cpuTime();
      assert.ok((of(piece.repeat(1_000_000)) ?? '').length < 5000);
      assert.ok(cpuTime() - start < 1000, piece);
    }
  });
});
