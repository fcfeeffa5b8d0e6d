import assert from 'node:assert/strict';
import { parseEndpoint } from '../../../src/core/endpoint';
import { UserError } from '../../../src/core/errors';
import { splitCommand } from '../../../src/core/shellWords';

const project = 'b5b7ffd4ef0547e5b222f44500000000';
const vendor = `https://mcs.mail.ru/auditlogs/v1/${project}`;

describe('parseEndpoint', () => {
  const accepted: readonly (readonly [input: string, url: string, token?: string])[] = [
    [`https://infra.mail.ru:8999/v1/${project}`, `https://infra.mail.ru:8999/v1/${project}`],
    [`https://infra.mail.ru:8999/v1/${project}/`, `https://infra.mail.ru:8999/v1/${project}`],
    [vendor, vendor],
    [`${vendor}/logs`, vendor],
    [`${vendor}/logs/`, vendor],
    [`${vendor}//logs//`, vendor],
    [`${vendor}/logs?from=&to=&limit=1000&source=nova`, vendor],
    [`  "${vendor}"  `, vendor],
    [`<${vendor}>`, vendor],
    [`HTTPS://MCS.mail.ru/auditlogs/v1/${project.toUpperCase()}`, vendor],
    ['https://mcs.mail.ru/auditlogs/v1/b5b7ffd4-ef05-47e5-b222-f44500000000', vendor],
    [`http://127.0.0.1:3000/v1/${project}`, `http://127.0.0.1:3000/v1/${project}`],
    [`http://127.8.0.1/v1/${project}`, `http://127.8.0.1/v1/${project}`],
    [`http://[::1]:3000/v1/${project}`, `http://[::1]:3000/v1/${project}`],
    [`http://localhost:3000/v1/${project}`, `http://localhost:3000/v1/${project}`],
    [`curl ${vendor}/logs`, vendor],
    [`curl '${vendor}/logs?limit=100' -H 'X-Auth-Token: gAAAAABtoken'`, vendor, 'gAAAAABtoken'],
    [`$ curl -s -X GET "${vendor}/logs?from=&to=" -H "X-Auth-Token: abc"`, vendor, 'abc'],
    [
      `curl -H "x-auth-token:abc" -H "Accept: application/json" \\\n  -o out.json \\\n  "${vendor}/logs"`,
      vendor,
      'abc',
    ],
    [`curl --request GET --url ${vendor}/logs --header 'X-Auth-Token: abc'`, vendor, 'abc'],
    [`curl.exe "${vendor}/logs" ^\r\n -H "X-Auth-Token: abc"`, vendor, 'abc'],
    [`curl '${vendor}/logs' -H'X-Auth-Token: abc' --compressed`, vendor, 'abc'],
    [`curl -A 'agent https://other.example' ${vendor}/logs`, vendor],
    [`curl ${vendor}/logs -H "X-Auth-Token: $OS_TOKEN"`, vendor],
    [`curl ${vendor}/logs -H "X-Auth-Token: {token}"`, vendor],
    [`curl ${vendor}/logs -H "X-Auth-Token: <token>"`, vendor],
  ];
  for (const [input, url, token] of accepted) {
    it(`takes ${JSON.stringify(input)}`, () => {
      assert.deepEqual(parseEndpoint(input), { url, origin: new URL(url).origin, projectId: project, token });
    });
  }

  const refused: readonly (readonly [input: string, says: RegExp])[] = [
    ['', /empty/],
    ['   ', /empty/],
    ['mcs.mail.ru', /must begin with https/],
    ['hello world', /must begin with https/],
    [`ftp://mcs.mail.ru/v1/${project}`, /ftp:/],
    ['https://', /cannot be read/],
    [`http://mcs.mail.ru/auditlogs/v1/${project}`, /unencrypted/],
    [`http://127.0.0.1.example.com/v1/${project}`, /unencrypted/],
    [`http://localhost.example.com/v1/${project}`, /unencrypted/],
    [`http://10.0.0.1/v1/${project}`, /unencrypted/],
    [`https://user:hunter2@mcs.mail.ru/auditlogs/v1/${project}`, /user name or password/],
    [`https://user@mcs.mail.ru/auditlogs/v1/${project}`, /user name or password/],
    ['https://infra.mail.ru:5000/v3/', /Keystone/],
    ['https://keystone.example/v3', /Keystone/],
    ['https://keystone.example/identity/v3/auth/tokens', /Keystone/],
    ['https://mcs.mail.ru/auditlogs/v1/{project_id}', /placeholder: \{project_id\}/],
    ['https://mcs.mail.ru/auditlogs/v1/$PROJECT_ID', /placeholder: \$PROJECT_ID/],
    ['https://mcs.mail.ru/auditlogs/v1/${OS_PROJECT_ID}/logs', /placeholder/],
    ['https://mcs.mail.ru/auditlogs/v1/<project_id>', /placeholder: <project_id>/],
    [`https://infra.mail.ru:{port}/v1/${project}`, /placeholder: \{port\}/],
    ['curl https://mcs.mail.ru/auditlogs/v1/%7Bproject_id%7D/logs', /placeholder/],
    ['https://mcs.mail.ru/auditlogs/v1', /lacks the project id behind \/v1/],
    ['https://mcs.mail.ru/auditlogs/v1/logs', /lacks the project id/],
    ['https://mcs.mail.ru/auditlogs', /no version and project id/],
    ['https://mcs.mail.ru/', /no version and project id/],
    ['https://mcs.mail.ru/auditlogs/v1/mcs1234567890', /mcs1234567890 is the project id of the cloud console/],
    ['https://mcs.mail.ru/auditlogs/v1/abc', /“abc” is not an OpenStack project id/],
    [`https://mcs.mail.ru/auditlogs/v1/${project}/servers`, /has “\/servers” after the project id/],
    ["curl -H 'X-Auth-Token: abc'", /holds no address/],
  ];
  for (const [input, says] of refused) {
    it(`refuses ${JSON.stringify(input)}`, () => {
      assert.throws(
        () => parseEndpoint(input),
        (error) => error instanceof UserError && says.test(error.message),
      );
    });
  }

  it('never repeats a token or password in an error', () => {
    for (const input of [
      'curl https://a:hunter2@b/v1/x -H "X-Auth-Token: hunter2"',
      'curl -H "X-Auth-Token: hunter2" nothing',
    ]) {
      assert.throws(
        () => parseEndpoint(input),
        (error: Error) => !error.message.includes('hunter2'),
      );
    }
  });
});

describe('splitCommand', () => {
  const cases: readonly (readonly [string, string[]])[] = [
    ['', []],
    ['  a   b ', ['a', 'b']],
    ['a\\\n b', ['a', 'b']],
    [`'a b'"c d"e`, ['a bc de']],
    [`"a \\" \\\\ \\n"`, ['a " \\ \\n']],
    [`'' ""`, ['', '']],
    [`'open end`, ['open end']],
    [`a\\ b`, ['a b']],
    [`"two\\\nlines"`, ['twolines']],
  ];
  for (const [command, words] of cases) {
    it(JSON.stringify(command), () => assert.deepEqual(splitCommand(command), words));
  }
});
