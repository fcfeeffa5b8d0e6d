import assert from 'node:assert/strict';
import { endpointGaps, fillEndpoint, parseEndpoint } from '../../../../src/core/openstack/endpoint';
import { UserError } from '../../../../src/core/base/errors';
import { splitCommand } from '../../../../src/core/openstack/shellWords';

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
    [`curl -sSH 'X-Auth-Token: abc' -XGET ${vendor}/logs`, vendor, 'abc'],
    [`curl -sX GET ${vendor}/logs -H 'X-Auth-Token: abc'`, vendor, 'abc'],
    [`curl ^"${vendor}/logs?from=^&to=^" ^\r\n  -H ^"X-Auth-Token: abc^"`, vendor, 'abc'],
    [`Audit\t${vendor}`, vendor],
    [`GET ${vendor}/logs?limit=100 HTTP/1.1\r\nX-Auth-Token: abc`, vendor, 'abc'],
    [`http ${vendor}/logs X-Auth-Token:abc`, vendor, 'abc'],
    [`wget -qO- --header="X-Auth-Token: abc" "${vendor}/logs"`, vendor, 'abc'],
    [`Invoke-RestMethod -Uri "${vendor}/logs" -Headers @{"X-Auth-Token"="abc"}`, vendor, 'abc'],
    [`wget --header="X-Auth-Token: $TOKEN" ${vendor}`, vendor],
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
    ['https://infra.mail.ru:5000/v3/', /looks like https:\/\/mcs\.mail\.ru\/auditlogs\/v1\/<project id>/],
    ['https://infra.mail.ru:35357/v3/auth/tokens', /Keystone/],
    ['https://infra.mail.ru:8774/v2.1', /address of Nova.*looks like https/],
    [`https://public.infra.mail.ru:8776/v3/${project}`, /address of Cinder/],
    ['https://mcs.mail.ru/app/project/keys', /page for people/],
    ['https://msk.cloud.vk.com/app/mcs1234567890/project/endpoints', /page for people/],
    ['https://cloud.vk.com/docs/ru/tools', /page for people/],
    [`gAAAAABh${'x'.repeat(100)}==`, /This is a token/],
    [project, /only a project id.*auditlogs\/v1\/b5b7ffd4/],
    ['export OS_AUTH_URL=https://infra.mail.ru:5000/v3/', /Import Credentials/],
    ['~/Downloads/mcs123-openrc.sh', /Import Credentials/],
    ['clouds.yaml', /Import Credentials/],
    [`https://mcs.mail.ru/${'a'.repeat(2048)}`, /longer than 2048 characters/],
    [`curl https://mcs.mail.ru/${'{'.repeat(2048)}`, /longer than 2048 characters/],
    [`${vendor} or https://other.test/v1/${project}`, /several addresses/],
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
      `gAAAAABh${'hunter2'.repeat(9)}`,
      'OS_PASSWORD=hunter2',
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

describe('endpointGaps', () => {
  const cases: readonly (readonly [input: string, port: boolean, project: boolean])[] = [
    ['https://mcs.mail.ru/auditlogs/v1/{project_id}', false, true],
    ['https://mcs.mail.ru/auditlogs/v1/<project id>/logs', false, true],
    ['https://mcs.mail.ru/auditlogs/v1/%(project_id)s', false, true],
    ['https://mcs.mail.ru/auditlogs/v1/$(tenant_id)s', false, true],
    ['https://mcs.mail.ru/auditlogs/v1/$OS_PROJECT_ID', false, true],
    ['https://mcs.mail.ru/auditlogs/v1/YOUR_PROJECT_ID/logs?limit=1', false, true],
    ['https://mcs.mail.ru/auditlogs/v1', false, true],
    ['https://mcs.mail.ru/auditlogs/v1/', false, true],
    ['https://mcs.mail.ru/auditlogs/v1/logs', false, true],
    ['https://infra.mail.ru:{port}/v1/{project_id}', true, true],
    ['https://infra.mail.ru:<port>/v1/%7Bproject_id%7D', true, true],
    [`https://infra.mail.ru:PORT/v1/${project}`, true, false],
    [`curl 'https://infra.mail.ru:{port}/v1/{project_id}/logs' -H 'X-Auth-Token: abc'`, true, true],
    [vendor, false, false],
    ['https://infra.mail.ru:5000/v3/', false, false],
    ['hello', false, false],
    ['', false, false],
  ];
  for (const [input, port, gap] of cases) {
    it(`${JSON.stringify(input)} lacks ${[port && 'port', gap && 'project'].filter(Boolean).join(' and ') || 'nothing'}`, () => {
      assert.deepEqual(endpointGaps(input), { port, project: gap });
      if (!port && !gap) return;
      const { url, projectId } = parseEndpoint(fillEndpoint(input, { port: '8999', project }));
      assert.equal(projectId, project);
      assert.ok(!port || url === `https://infra.mail.ru:8999/v1/${project}`, url);
    });
  }

  it('keeps the token of a command', () => {
    const text = "curl 'https://mcs.mail.ru/auditlogs/v1/{project_id}/logs' -H 'X-Auth-Token: abc'";
    assert.equal(parseEndpoint(fillEndpoint(text, { port: '', project })).token, 'abc');
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
