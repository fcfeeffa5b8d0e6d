import { presentBody } from '../../../../src/core/event/body';
import { redactEvent } from '../../../../src/core/event/redactEvent';
import { findSecrets } from '../../../../src/core/redact/redact';
import { assertGrowth } from '../../assertGrowth';
import { cpuTime } from '../../cpuTime';

/** UTF-16 units of the shorter text; the longer has twice as many. */
const size = 100_000;
/** Milliseconds of CPU. What takes less for the longer text cannot grow with its square, and is not measured twice. */
const quick = 100;
/** Twice the text takes twice the time, with a square four times; the bound leaves room for the collector of garbage. */
const most = 3;

/** Begins what is repeated: the names and signs that scanners look for. */
const prefixes: readonly string[] = [
  '',
  'password',
  'password ',
  'password=',
  'password: ',
  'password: |\n',
  '<password>',
  '?token=',
  '"X-Auth-Token: ',
  'chpasswd:\n',
  'chpasswd: list ',
  'curl -u ',
  'mysql -p',
  'identified by ',
  'bearer ',
  '://',
  'eyJ',
  '-----BEGIN PRIVATE KEY-----',
  '%3Fkey%3D',
  '{"password":',
  '{"name":"password","value":',
  '["password",',
];

/** Characters that signs and blanks are made of. */
const characters = ' \t\n\\"\'`{}[]():;,.=&?%<>/@|-_#$*+a1A\u00a0'.split(/(?:)/u);

const units: readonly string[] = [
  '\r\n',
  'a ',
  ' a\n',
  '1a',
  'a:a ',
  'a=a&',
  '--a ',
  '\\"',
  '\\u0061',
  '%22',
  '%253f',
  '</',
  '<a>',
  ']]',
  'password',
  'password ',
  'password: "',
  'password = ',
  'key',
  'sig.',
  'user data',
  '--token ',
  "password '",
  'password: |\n',
  'password=[',
  '%3fkeyx%3d',
  '?token%3D',
  'chpasswd',
  'chpasswd:\n a:b',
  'a:b|chpasswd ',
  'curl ',
  'curl -u =',
  'mysql ',
  'mysql -',
  'sshpass -p',
  'identified by ',
  'bearer ',
  '://a:',
  'eyJ',
  'ghp_',
  'LS0tLS1CRUdJTi',
  '-----BEGIN PRIVATE KEY ',
  '-----END ',
  '{"a":"',
  '{"password":',
  '"X-Auth-Token",',
  '{"name":"token","value":"a",',
  '"adminPass":"aA1bB2cC3",',
  '{"console":{"url":"',
  '{"password":{"a":1},',
  'login ',
  'machine a ',
  '%7b',
  '%257b%22',
  '<a:Assertion ',
  '<Assertion>',
  'form-data; name="password"\n',
  'form-data; name="password"\n\n',
  'docker login ',
  'net user a ',
  'htpasswd -b a ',
  'echo a|',
  'a:b@tcp(',
  '\ndata:\n',
  'kind: Secret\ndata:\n a: b\n',
  'password:\n a:',
  'password:\n- ',
  ' password:\n',
  'password = <<A\n',
  'name="password" ',
  '<a key="password"',
  '("password",',
  'variable "password" {',
  'password=a&b=',
  'password=a;b=',
  'ENV password ',
  'chpasswd <<A\na:b\n',
  'AIza',
  '$6$',
  'I2Nsb3VkLWNvbmZpZ',
  'basic ',
  'Private-Lines:',
  '["password",',
  '{"data":{',
  '{"kty":1,"d":',
  '{"auth":"',
];

const repeat = (prefix: string, unit: string, length: number): string =>
  prefix + unit.repeat(Math.ceil((length - prefix.length) / unit.length));

function timeOf(work: () => unknown): number {
  const start = cpuTime();
  work();
  return cpuTime() - start;
}

/** Demands that `work` takes no more than in proportion to the length of what `make` gives. */
async function assertLinear(
  what: string,
  make: (length: number) => string,
  work: (text: string) => unknown,
): Promise<void> {
  // With a square, a quarter of the longer text takes a sixteenth of its time.
  const glance = make(size / 2);
  if (timeOf(() => work(glance)) < quick / 16) return;
  const [short, long] = [make(size), make(2 * size)];
  if (timeOf(() => work(long)) < quick) return;
  const measure = (text: string): [number] => [timeOf(() => work(text))];
  await assertGrowth({ less: () => measure(short), more: () => measure(long), most, telling: quick }, what);
}

describe('the time that masking takes grows with the length of', () => {
  it('text, whatever sign is repeated behind whatever name', async () => {
    for (const prefix of prefixes) {
      for (const unit of prefix === '' ? [...characters, ...units] : characters) {
        await assertLinear(JSON.stringify([prefix, unit]), (length) => repeat(prefix, unit, length), findSecrets);
      }
    }
  });

  it('JSON in JSON, whatever is repeated', async () => {
    for (const unit of units) {
      await assertLinear(unit, (length) => JSON.stringify({ a: repeat('', unit, length) }), findSecrets);
    }
  });

  const cases: readonly (readonly [string, (length: number) => string])[] = [
    [
      'a long name over many values',
      (length) => `{"${repeat('', 'a', length / 2)}password":{${repeat('', '"key":"a",', length / 2)}`,
    ],
    [
      'a long console over many addresses',
      (length) => `{"${repeat('', 'a', length / 2)}console":{${repeat('', '"url":"a",', length / 2)}`,
    ],
    ['a name of digits', (length) => `{"password${repeat('', '1', length)}a":"b"}`],
    [
      'a value that almost stands everywhere',
      (length) => JSON.stringify({ password: `b${'a'.repeat(4000)}`, a: repeat('', 'a', length) }),
    ],
    ['a value that stands everywhere', (length) => JSON.stringify({ password: '#######', a: repeat('', '#', length) })],
    [
      'numbers in strings in strings',
      (length) => {
        let text = `{"password":[${repeat('', '1,', length / 8)}1]}`;
        for (let level = 0; level < 4; level++)
          text = JSON.stringify([text]).replaceAll('\\\\', '\\u005c').replaceAll('\\"', '\\u0022');
        return text;
      },
    ],
  ];
  for (const [what, make] of cases) {
    it(what, async () => {
      await assertLinear(what, make, (text) => redactEvent({ request_body: text, response_body: 'a' }));
      await assertLinear(what, make, (text) => presentBody({ request_body: text }, 'request', { redact: true }));
    });
  }
});
