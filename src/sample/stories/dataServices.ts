import { ivan, olga, olgaBrowser, projectId, terraform } from '../people';
import { idOf } from '../random';
import { Tape } from '../tape';

const instance = `/v1.0/${projectId}/instances/${idOf('database orders')}`;
const zone = idOf('zone example.test');

/** Database users with their passwords, settings, and the records of the name service. */
export function dataServices(): Tape {
  const tape = new Tape('data services');
  const { random } = tape;
  for (const [index, name] of ['reports', 'billing', 'audit', 'search', 'mailer'].entries()) {
    tape
      .at(26 - index * 4.7)
      .by(index % 2 ? olga : terraform)
      .ok('dbaas', 'create-database', `POST ${instance}/databases`, { databases: [{ name, character_set: 'utf8' }] })
      .ok('dbaas', 'create-user', `POST ${instance}/users`, {
        users: [{ name, password: random.password(20), databases: [{ name }], host: '%' }],
      });
  }
  for (let round = 0; round < 8; round++) {
    const values = { max_connections: 100 + 25 * round, shared_buffers: `${128 * (1 + (round % 4))}MB` };
    tape
      .at(25.5 - round * 3.1)
      .by(ivan)
      .ok('dbaas', 'update-configuration', `PUT ${instance}/configuration`, { configuration: { values } });
  }
  tape.at(19.4).by(olgaBrowser);
  tape.no('dbaas', 'instance-action', `POST ${instance}/action`, '{"resize":{"volume":{"size":20}}}', {
    badRequest: { code: 400, message: 'New volume size must be greater than the old one' },
  });
  tape.ok('dbaas', 'instance-action', `POST ${instance}/action`, '{"resize":{"volume":{"size":80}}}', '{}');
  tape.at(6.9).ok('dbaas', 'instance-action', `POST ${instance}/action`, {
    reset_password: { user: 'reports', new_password: random.password(20) },
  });
  for (let day = 28; day > 0; day--) {
    const name = `preview-${random.int(200, 900)}`;
    const record = random.uuid();
    const asked = { name, content: 'k8s.example.test.', ttl: 60 };
    tape
      .at(day - 0.3)
      .by(terraform)
      .ok('dns', 'create-record', `POST /v2/dns/${zone}/cname/`, asked, { uuid: record, ...asked });
    if (day % 4) tape.wait(600).ok('dns', 'delete-record', `DELETE /v2/dns/${zone}/cname/${record}`);
  }
  return tape;
}
