import assert from 'node:assert/strict';
import { findSecrets, redactText } from '../../../../src/core/redact/redact';

/** Stands for every secret of the table that is written as it is. */
const secret = 'Hunter2xYz';
const another = 'Hunter3xYz';
const pair = btoa(`bob:${secret}`);
const pem = (kind: string): string => `-----BEGIN ${kind}-----\n${secret}\n-----END ${kind}-----`;
const long = (begin: string, length: number): string => begin + 'a1B2c3D4'.repeat(10).slice(0, length);
const json = (value: unknown): string => JSON.stringify(value);

/** What, the text, what must stay in it, and what must not beside `secret` and `another`. */
type Shape = readonly [what: string, text: string, shown?: readonly string[], hidden?: readonly string[]];

const shapes: Readonly<Record<string, readonly Shape[]>> = {
  JSON: [
    ['JSON Patch', json([{ op: 'replace', path: '/adminPass', value: secret }]), ['replace', '/adminPass']],
    ['JSON Patch, the value first', json([{ value: secret, path: '/server/admin_pass', op: 'add' }]), ['add']],
    ['JSON Patch of an object', json([{ op: 'add', path: '/secret', value: { a: secret } }]), ['/secret']],
    [
      'JSON Patch of an object, the value first',
      json([{ value: { a: [secret] }, path: '/x/password' }]),
      ['/x/password'],
    ],
    ['JSON Patch of something else', json([{ op: 'add', path: '/password_expires_at', value: '2026' }]), ['2026']],
    ...[
      'field',
      'attribute',
      'key',
      'name',
      'label',
      'Key',
      'option',
      'property',
      'variable',
      'keyName',
      'attr_name',
    ].map((name): Shape => [
      `a pair by ${name}`,
      json({ [name]: 'password', value: secret, other: 'plain' }),
      ['plain'],
    ]),
    ['a change of a field', json({ field: 'db_password', old: secret, new: another, by: 'bob' }), ['bob']],
    ['a pair in a list', json(['password', secret])],
    [
      'pairs in a list',
      json([
        ['user', 'bob'],
        ['password', 'correcthorse'],
      ]),
      ['bob'],
      ['correcthorse'],
    ],
    ['a pair under a name', json({ argument: ['password', secret], next: 'plain' }), ['plain']],
    ['a pair with a number', json(['passcode', 123456]), ['passcode'], ['123456']],
    ['a list of names', json({ required: ['password', 'email'], methods: ['password', 'totp'] }), ['email', 'totp']],
    ['a command in a list', json(['redis-cli', '-a', secret, 'ping']), ['ping']],
    ['a password and its confirmation', json({ password: secret, password_confirmation: another, n: 1 }), ['"n":1']],
    ['camel case', json({ passwordConfirmation: secret, confirmPassword: another })],
    ['short names', json({ admin_pw: secret, pw: another, rootpw: secret })],
    ['passw0rd', json({ passw0rd: secret, user: 'bob' }), ['bob']],
    ['Russian', json({ пароль: secret, 'Пароль администратора': 'x', токен: another, имя: 'web' }), ['web']],
    ['German', json({ Kennwort: secret, Passwort: another })],
    [
      'a configuration of Redis',
      json({ configuration: { values: { requirepass: secret, masterauth: another, maxmemory: 5 } } }),
      ['"maxmemory":5'],
    ],
    [
      'a Secret of Kubernetes',
      json({ kind: 'Secret', metadata: { name: 'db' }, data: { a: secret }, stringData: { b: another } }),
      ['"db"'],
    ],
    [
      'a Secret, keys in order',
      json({ apiVersion: 'v1', data: { a: secret }, kind: 'Secret', metadata: { name: 'db' } }),
      ['"db"', 'v1'],
    ],
    ['a ConfigMap', json({ apiVersion: 'v1', data: { a: 'plain' }, kind: 'ConfigMap' }), ['plain']],
    [
      'settings of Docker',
      json({ auths: { 'r.example': { username: 'bob', password: secret, auth: pair } } }),
      ['r.example', 'bob'],
      [pair],
    ],
    [
      'settings of Docker in base64',
      json({ '.dockerconfigjson': btoa(json({ auths: { r: { auth: pair } } })) }),
      [],
      [btoa(json({ auths: { r: { auth: pair } } }))],
    ],
    ['an auth that is none', json({ auth: 'none', type: 'v3', auth_type: 'password' }), ['none', 'v3']],
    ['the key of a zone transfer', json({ key: secret, zone_transfer_request_id: 'z1' }), ['z1']],
    [
      'the key of a zone transfer, for anybody',
      json({ id: 'i', zone_id: 'z1', key: secret, target_project_id: null }),
      ['z1'],
    ],
    ['keys of zone transfers', json({ transfer_requests: [{ key: secret, id: 'i1' }] }), ['i1']],
    ['a key of metadata', json({ key: 'plain', value: 'other', zone_id: 'z' }), ['plain', 'other']],
    ['OAuth', json({ token: { oauth_verifier: secret } })],
    ['a JSON web key', json({ kty: 'RSA', n: 'modulus', e: 'AQAB', d: secret, p: another }), ['modulus', 'AQAB']],
    ['a JSON web key, the kind last', json({ d: secret, n: 'modulus', kty: 'RSA' }), ['modulus']],
    [
      'an account of Google',
      json({ type: 'service_account', private_key_id: 'id1', private_key: secret }),
      ['service_account', 'id1'],
    ],
    [
      'an environment of a container',
      json({
        env: [
          { name: 'DB_PASSWORD', value: secret },
          { name: 'A', value: 'plain' },
        ],
      }),
      ['plain'],
    ],
    ['a variable of Terraform', json({ variable: { db_password: { default: secret } } })],
    ['a configuration drive', json({ configdrive: secret, uuid: 'u' }), ['"u"']],
    ['unseal keys of Vault', json({ unseal_keys_b64: [secret], root_token: another, unseal_threshold: 3 }), ['3']],
    ['a keytab', json({ keytab: secret })],
    [
      'JSON in JSON in base64',
      json({ a: json({ b: btoa(json({ password: secret })) }) }),
      ['"a"'],
      [btoa(json({ password: secret }))],
    ],
    [
      'JSON without secrets in base64',
      json({ a: btoa(json({ name: 'web', size: 5 })) }),
      [btoa(json({ name: 'web', size: 5 }))],
    ],
    [
      'cloud-init in base64',
      json({ content: btoa(`#cloud-config\npassword: ${secret}\n`) }),
      [],
      [btoa(`#cloud-config\npassword: ${secret}\n`)],
    ],
    [
      'a script in base64',
      `data ${btoa(`#!/bin/sh\nexport OS_PASSWORD=${secret}\n`)} end`,
      ['data', 'end'],
      [btoa(`#!/bin/sh\nexport OS_PASSWORD=${secret}\n`)],
    ],
  ],
  'addresses and forms': [
    ['a form', `username=bob&password=${secret}&scope=all`, ['bob', 'scope=all']],
    ['a form that begins with it', `password=${secret}&username=bob&x=1`, ['username=bob', 'x=1']],
    [
      'an answer of OAuth',
      `oauth_token=${secret}&oauth_token_secret=${another}&oauth_expires_at=2013`,
      ['oauth_expires_at=2013'],
    ],
    ['a form with a quote', `a=b&password=${secret}'${another}&c=d`, ['c=d']],
    [
      'JSON with its signs escaped',
      `body=${encodeURIComponent(json({ adminPass: secret, name: 'web' }))}&x=1`,
      ['web', 'x=1'],
    ],
    ['JSON escaped twice', encodeURIComponent(encodeURIComponent(json({ a: { token: secret } })))],
    [
      'JSON in an address',
      `/api?filter=${encodeURIComponent(json({ пароль: secret, n: 'web' }))}&limit=5`,
      ['limit=5', 'web'],
    ],
    [
      'a multipart form',
      `--B\r\nContent-Disposition: form-data; name="user"\r\n\r\nbob\r\n--B\r\nContent-Disposition: form-data; name="password"\r\n\r\n${secret}\r\n--B--`,
      ['bob', '--B--'],
    ],
    [
      'a multipart form with a type',
      `--B\nContent-Disposition: form-data; name="api_key"\nContent-Type: text/plain\n\n${secret}\nmore ${another}\n--B--`,
      ['text/plain'],
    ],
    ['a signature of Swift', `/v1/AUTH_a/c/o?temp_url_sig=${secret}&temp_url_expires=5`, ['temp_url_expires=5']],
    ['a signature of AWS', `https://s3/x?X-Amz-Signature=${secret}&X-Amz-Date=5`, ['X-Amz-Date=5']],
    ['a signature of Google', `https://g/x?X-Goog-Signature=${secret}&a=1`, ['a=1']],
    ['a signature of Azure', `https://a/x?sv=2020&sig=${secret}&se=1`, ['sv=2020', 'se=1']],
    ['an assertion', `grant_type=saml&assertion=${secret}&a=1`, ['grant_type=saml', 'a=1']],
    ['an answer of SAML', `SAMLResponse=${secret}&RelayState=r`, ['RelayState=r']],
    ['a verifier', `/cb?oauth_verifier=${secret}&x=1`, ['x=1']],
    ['Postgres', `postgres://bob:${secret}@host/db`, ['bob', 'host/db']],
    ['a password with @', `postgres://bob:p@${secret}@host/db`, ['host/db']],
    ['AMQP', `amqp://bob:${secret}@a:5672,b:5672//`, ['5672']],
    ['MongoDB', `mongodb+srv://bob:${secret}@host/?w=1`, ['w=1']],
    ['Redis', `redis://:${secret}@host:6379/0`, ['6379']],
    ['JDBC', `jdbc:postgresql://h/db?user=bob&password=${secret}&ssl=true`, ['bob', 'ssl=true']],
    ['JDBC of SQL Server', `jdbc:sqlserver://h:1433;user=sa;password=${secret};encrypt=true`, ['encrypt=true']],
    ['JDBC of Oracle', `jdbc:oracle:thin:scott/${secret}@h:1521/x`, ['scott', '1521']],
    ['ADO', `Server=h;User Id=sa;Password=${secret};Encrypt=yes`, ['Encrypt=yes', 'Server=h']],
    ['ADO that begins with it', `Pwd=${secret};Database=db1;Encrypt=yes`, ['db1']],
    [
      'an account of Azure',
      `DefaultEndpointsProtocol=https;AccountName=n;AccountKey=${secret}==;EndpointSuffix=s`,
      ['EndpointSuffix=s'],
    ],
    ['libpq', `host=h user=bob password=${secret} dbname=db1`, ['dbname=db1']],
    ['a driver of Go', `root:${secret}@tcp(host:3306)/db`, ['host:3306']],
    ['a hook of Slack', `https://hooks.slack.com/services/T0001/B0001/${secret}abcdef`, ['https://']],
  ],
  headers: [
    ['a header', `X-Auth-Token: ${secret}\nAccept: a/b`, ['a/b']],
    ['a basic one', `Authorization: Basic ${pair}\r\nHost: h`, ['Host: h'], [pair]],
    ['a basic one alone', `sent Basic ${pair} to h`, ['to h'], [pair]],
    ['basic words', 'a basic understanding of basic authentication', ['understanding', 'authentication']],
    ['a digest', `Authorization: Digest username="bob", response="${secret}"\nHost: h`, ['Host: h']],
    ['of a proxy', `Proxy-Authorization: Basic ${secret}\nHost: h`, ['Host: h']],
    ['cookies', `Set-Cookie: sid=${secret}; Path=/\nHost: h`, ['Host: h']],
    ['in Python', `headers={'X-Auth-Token': '${secret}', 'Accept': 'a/b'}`, ['a/b']],
    ['in a call', `request.header("X-Auth-Token", "${secret}").get("/x")`, ['/x']],
    ['in a tuple', `[('X-Subject-Token', '${secret}'), ('Accept', 'a/b')]`, ['a/b']],
    ['of nginx', `proxy_set_header Authorization "Bearer ${secret}";\nproxy_pass http://h;`, ['http://h']],
    ['in a Digest of curl', `curl -H 'Authorization: Digest response="${secret}"' https://h`, ['https://h']],
    ['by another name', `X-Vault-Token: ${secret}`],
    ['the key of temporary addresses', `X-Account-Meta-Temp-URL-Key: ${secret}\nX-Account-Meta-A: plain`, ['plain']],
    ['an environment of CGI', `HTTP_X_AUTH_TOKEN=${secret}`],
  ],
  commands: [
    ['curl', `curl -sSu bob:${secret} https://h/x`, ['https://h/x', 'bob']],
    ['curl through a proxy', `curl --proxy-user bob:${secret} -x p https://h`, ['https://h']],
    ['mysql', `mysql -u root -p${secret} db1`, ['root', 'db1']],
    ['mysqldump', `mysqldump -h h -p'${secret}' db1 > f`, ['db1']],
    ['useradd', `useradd -m -p ${secret} bob`, ['bob', '-m']],
    ['usermod', `usermod -p '${secret} x' bob`, ['bob']],
    ['docker login', `docker login -u bob -p ${secret} r.example`, ['bob', 'r.example']],
    ['docker run', 'docker run -p 8080:80 image1', ['8080:80', 'image1']],
    ['helm', `helm registry login h -u bob -p "${secret}"`, ['bob']],
    ['skopeo', `skopeo copy --dest-creds=bob:${secret} a b`, ['bob']],
    ['redis-cli', `redis-cli -h h -a ${secret} ping`, ['ping']],
    ['htpasswd', `htpasswd -bB /etc/f bob ${secret}`, ['/etc/f', 'bob']],
    ['sshpass', `sshpass -p${secret} ssh bob@h`, ['bob@h']],
    ['sshpass with quotes', `sshpass -p '${secret} x' ssh bob@h`, ['bob@h']],
    ['openssl', `openssl rsa -in k -passin pass:${secret} -out o`, ['-out o']],
    ['net user', `net user bob ${secret} /add`, ['bob', '/add']],
    ['cmdkey', `cmdkey /add:h /user:bob /pass:${secret}`, ['bob']],
    ['PowerShell', `$p = ConvertTo-SecureString "${secret}" -AsPlainText -Force`, ['-Force']],
    ['an option of PowerShell', `New-User -Name bob -Password ${secret} -Force`, ['bob', '-Force']],
    ['keytool', `keytool -storepass ${secret} -alias a1`, ['a1']],
    ['ldapsearch', `ldapsearch -x -D cn=a -w ${secret} -b dc=b`, ['dc=b', 'cn=a']],
    ['smbclient', `smbclient //h/s -U bob%${secret}`, ['bob', '//h/s']],
    ['rabbitmqctl', `rabbitmqctl add_user bob ${secret}`, ['bob']],
    ['mongo', `mongosh -u bob -p ${secret} h`, ['bob']],
    ['zip', `zip -P ${secret} a.zip b`, ['a.zip']],
    ['wpa_passphrase', `wpa_passphrase net1 ${secret}`, ['net1']],
    ['PGPASSWORD', `PGPASSWORD=${secret} psql -h h db1`, ['PGPASSWORD']],
    ['MYSQL_PWD', `env MYSQL_PWD=${secret} mysql db1`, ['db1']],
    ['a pipe into passwd', `echo "${secret}" | passwd --stdin bob`, ['bob']],
    ['a pipe into sudo', `echo ${secret} | sudo -S reboot`, ['reboot']],
    ['a pipe into a login', `echo ${secret} | docker login -u bob --password-stdin r.example`, ['r.example']],
    ['a pipe into chpasswd', `echo 'root:${secret}' | chpasswd`, ['root']],
    ['a document for chpasswd', `chpasswd <<EOF\nroot:${secret}\nbob:${another}\nEOF\ndate`, ['root', 'bob', 'date']],
    ['Terraform', `terraform apply -var 'db_password=${secret}' -auto-approve`, ['-auto-approve']],
    ['kubectl', `kubectl create secret generic s1 --from-literal=password=${secret}`, ['s1']],
    ['openstack', `openstack --os-password ${secret} server list`, ['server list']],
    ['setx', `setx OS_PASSWORD ${secret}`],
    ['fish', `set -x OS_TOKEN ${secret}`],
    ['SQL', `ALTER USER bob WITH PASSWORD '${secret}' VALID UNTIL 'x'`, ['VALID UNTIL']],
    ['SQL with a doubled quote', `CREATE USER bob PASSWORD = 'a''${secret}' ROLE r1`, ['r1']],
  ],
  files: [
    ['YAML', `user: bob\npassword: "${secret}" # x\nsize: 5`, ['bob', 'size: 5']],
    ['YAML in flow style', `{name: a, password: '${secret}', size: 5}`, ['size: 5']],
    ['a pair of YAML', `- name: DB_PASSWORD\n  value: ${secret}\n- name: A\n  value: plain`, ['plain']],
    ['a list of YAML', `passwords:\n  - ${secret}\n  - "${another}"\nsize: 5`, ['size: 5']],
    ['a list of YAML without indent', `tokens:\n- ${secret}\nsize: 5`, ['size: 5']],
    [
      'a Secret',
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  a: ${secret}\n  b: |\n    ${another}\n    x\ntype: Opaque`,
      ['name: db', 'Opaque'],
    ],
    ['a Secret with data', `apiVersion: v1\ndata:\n  a: ${secret}\nkind: Secret\ntype: Opaque`, ['Opaque']],
    ['a ConfigMap', 'apiVersion: v1\ndata:\n  a: plain\nkind: ConfigMap', ['plain']],
    ['a tagged block', `private_key: !vault |\n  ${secret}\n  ${another}\nsize: 5`, ['size: 5']],
    [
      'kubeconfig',
      `users:\n- name: a\n  user:\n    client-key-data: ${secret}\n    token: ${another}\nkind: Config`,
      ['kind: Config'],
    ],
    ['a variable of Ansible', `ansible_user: bob\nansible_become_pass: ${secret}\n`, ['bob']],
    ['an inventory of Ansible', `h1 ansible_user=bob ansible_ssh_pass=${secret} a=b`, ['bob', 'a=b']],
    ['ini', `[db]\nuser = bob\npassword = ${secret} x\n`, ['bob']],
    ['properties', `db.user=bob\ndb.password=${secret}\nspring.datasource.password: ${another}`, ['bob']],
    ['.env', `A=plain\nexport DB_PASSWORD="${secret} x"\nSECRET_KEY_BASE=${another}`, ['plain']],
    ['TOML', `password = "${secret}"\nsize = 5`, ['size = 5']],
    ['TOML in lines', `password = """${secret}\n${another}"""\nsize = 5`, ['size = 5']],
    ['Python in lines', `password = '''${secret}\n${another}'''\nsize = 5`, ['size = 5']],
    ['tfvars', `admin_pass = "${secret}"\nsize = 5`, ['size = 5']],
    ['a here-document of HCL', `private_key = <<-EOT\n  ${secret}\n  ${another}\n  EOT\nsize = 5`, ['size = 5']],
    [
      'a default of HCL',
      `variable "db_password" {\n  type = string\n  default = "${secret}"\n}\nsize = 5`,
      ['size = 5'],
    ],
    ['netrc', `machine h login bob password ${secret}\nmachine g`, ['machine g', 'bob']],
    ['netrc in lines', `machine h\n  login bob\n  password ${secret}\n`, ['bob']],
    ['a Dockerfile', `FROM a\nENV DB_PASSWORD ${secret}\nRUN b`, ['RUN b']],
    ['redis.conf', `requirepass ${secret}\nmasterauth "${another}"\nport 6379`, ['6379']],
    ['kickstart', `rootpw --plaintext ${secret}\nlang en`, ['lang en']],
    ['named.conf', `key "k" {\n  algorithm hmac;\n  secret "${secret}";\n};`, ['hmac']],
    ['WireGuard', `[Interface]\nPrivateKey = ${secret}=\nAddress = 10.0.0.1`, ['10.0.0.1']],
    ['PHP', `define('DB_PASSWORD', '${secret}'); define('A', 'plain');`, ['plain']],
    ['an environment of Python', `os.environ["DB_PASSWORD"] = "${secret}"; x = 5`, ['x = 5']],
    ['shadow', `bob:$6$salt$${'aB3'.repeat(20)}:19000:0`, ['bob', '19000'], ['aB3aB3']],
    ['htpasswd', `bob:$apr1$salt$${'aB3'.repeat(7)}`, ['bob'], ['aB3aB3']],
  ],
  XML: [
    ['an element', `<a><user>bob</user><adminPass>${secret}</adminPass></a>`, ['bob']],
    ['with a prefix', `<wsse:Password Type="t1">${secret}</wsse:Password><b>x1</b>`, ['x1', 't1']],
    ['CDATA', `<password><![CDATA[${secret}<${another}]]></password><b>x1</b>`, ['x1']],
    ['an attribute', `<user name="bob" password="${secret}" size="5"/>`, ['bob', 'size="5"']],
    ['a property', `<property name="password" value="${secret}"/><property name="a" value="plain"/>`, ['plain']],
    ['an entry', `<entry key="db.password">${secret}</entry><entry key="a">plain</entry>`, ['plain']],
    [
      'an answer file of Windows',
      `<AdministratorPassword><Value>${secret}</Value><PlainText>true</PlainText></AdministratorPassword>`,
      ['PlainText'],
    ],
    [
      'an assertion of SAML',
      `<a><saml2:Assertion ID="i"><saml2:Subject>${secret}</saml2:Subject></saml2:Assertion><b>x1</b></a>`,
      ['x1'],
    ],
  ],
  looks: [
    ...[
      'RSA PRIVATE KEY',
      'EC PRIVATE KEY',
      'PRIVATE KEY',
      'ENCRYPTED PRIVATE KEY',
      'OPENSSH PRIVATE KEY',
      'DSA PRIVATE KEY',
      'OpenVPN Static key V1',
    ].map((kind): Shape => [kind, `a ${pem(kind)} z`, ['a ', ' z']]),
    [
      'a key of SSH2',
      `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n${secret}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`,
    ],
    ['a key of PuTTY', `Public-Lines: 1\nAAAA\nPrivate-Lines: 1\n${secret}\nPrivate-MAC: ab`, ['AAAA']],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----', ['MIIC']],
    ...Object.entries({
      'Google, a key': long('AIza', 35),
      'Google, a token': long('ya29.', 40),
      GitHub: long('ghp_', 36),
      'GitHub, fine-grained': long('github_pat_', 40),
      GitLab: long('glpat-', 20),
      Slack: long('xoxb-', 30),
      Telegram: long('123456789:AA', 33),
      Stripe: long('sk_live_', 24),
      npm: long('npm_', 36),
      Docker: long('dckr_pat_', 27),
      Vault: long('hvs.', 30),
      'Yandex Cloud': long('AQVN', 36),
      'a JSON web token': `eyJhbGciOiJIUzI1NiJ9.${long('eyJ', 20)}.${long('', 20)}`,
      Keystone: long('gAAAAAB', 70),
    }).map(([name, token]): Shape => [name, json({ note: `used ${token} today` }), ['used', 'today'], [token]]),
  ],
};

describe('of the shapes that secrets come in,', () => {
  for (const [kind, rows] of Object.entries(shapes)) {
    describe(kind, () => {
      for (const [what, text, shown = [], hidden = []] of rows) {
        it(what, () => {
          for (const each of [text, json({ body: text, end: 'whole' })]) {
            const redacted = redactText(each);
            for (const word of [secret, another, ...hidden]) {
              const written = each === text ? word : json(word).slice(1, -1);
              assert.ok(!redacted.includes(written), redacted);
            }
            for (const word of each === text ? shown : []) assert.ok(redacted.includes(word), redacted);
            if (each === text) continue;
            assert.equal((JSON.parse(redacted) as { end: string }).end, 'whole');
            for (const { path } of findSecrets(each)) assert.ok(path.startsWith('body'), path);
          }
        });
      }
    });
  }
});

/** Calls of services and texts that hold no secret. */
const harmless: readonly unknown[] = [
  {
    auth: { identity: { methods: ['password', 'totp'] }, scope: { project: { name: 'p', domain: { id: 'default' } } } },
  },
  {
    token: { methods: ['token'], expires_at: '2026-01-01T00:00:00Z', user: { name: 'bob', password_expires_at: null } },
  },
  { instance: { flavorRef: '1', datastore: { type: 'redis', version: '6' }, configuration: 'c1', key: 'plain' } },
  { configuration: { values: { maxmemory: 5, 'key-buffer': 'x1' }, datastore: { name: 'mysql' } } },
  {
    server: {
      name: 'token-service',
      key_name: 'k1',
      metadata: { field: 'value', path: '/etc/passwd' },
      'os:auth': 'none',
    },
  },
  { server: { security_groups: [{ name: 'secret-group', description: 'for pw resets' }] } },
  {
    secret_ref: 'https://h/v1/secrets/17',
    name: 'db password',
    algorithm: 'aes',
    secret_type: 'passphrase',
    status: 'ACTIVE',
  },
  { cluster: { keypair: 'k1', labels: { auth_mode: 'keystone', cert_manager_api: 'true' }, master_count: 3 } },
  { loadbalancer: { listeners: [{ default_tls_container_ref: 'https://h/v1/containers/17', protocol: 'HTTPS' }] } },
  {
    zone: { name: 'example.org.', email: 'a@example.org' },
    recordsets: [{ name: 'token.example.org.', records: ['v=1'] }],
  },
  { zone_transfer_request_id: 'z1', project_id: 'p1', links: { self: 'https://h/v2/zones/z1' } },
  {
    flavor: {
      extra_specs: [
        ['key', 'hw:cpu'],
        ['value', 'x1'],
      ],
      description: 'key: value',
    },
  },
  { keypair: { name: 'k1', public_key: 'ssh-rsa AAAAB3Nza', fingerprint: '1e:2c:9b:56' } },
  'The password was changed. Enter the login, then the key (see docs); a token lives one hour.',
  'docker run -p 8080:80 web\ncurl -u bob https://h/x:y\nnet use z: share',
  '/v3/users?name=password&limit=5',
];

describe('masks leave alone', () => {
  for (const each of harmless) {
    const text = typeof each === 'string' ? each : json(each);
    it(text.slice(0, 60), () => {
      assert.equal(redactText(text), text);
      assert.equal(redactText(json({ body: text })), json({ body: text }));
    });
  }
});
