import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Json } from '../../../../src/core/json/json';
import { redactEvent, redactSummary } from '../../../../src/core/event/redactEvent';
import type { ActivityEvent, EventSummary } from '../../../../src/core/event/event';
import { findSecrets, maxShort, mask, redactShort, redactText, redactUri } from '../../../../src/core/redact/redact';
import { isSecretName } from '../../../../src/core/redact/secretNames';

const found = (text: string): string[] => findSecrets(text).map(({ start, end }) => text.slice(start, end));

const privateKey = '-----BEGIN RSA PRIVATE KEY-----\nMIICXgIBAAKBgQCs\n/7HR7VRO==\n-----END RSA PRIVATE KEY-----';
const fernet = `gAAAAAB${'x'.repeat(60)}`;
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

describe('isSecretName', () => {
  const secret =
    'password Password adminPass admin_pass adminpass rootPassword root-password password2 passwords passwd hashed_passwd ' +
    'plain_text_passwd passphrase pwd secret client_secret clientSecret secrets token auth_token X-Auth-Token x-subject-token ' +
    'accessToken token_id tokens psk PSK preshared_key pre-shared-key private_key privateKey PRIVATE_KEY ssh_private_key auth_key ' +
    'authKey access_key secretKey secret_access_key api_key apikey encryption_key client-key-data user_data userData user-data ' +
    'kubeconfig Authorization Cookie Set-Cookie OS_PASSWORD OS-EXT:adminPass credentials original_password jwt otp';
  const harmless =
    'fernet_token_ttl password_expires_at token_expires_at key key_name keyName keypair key_pairs public_key publicKey ssh_public_key ' +
    'ssh_authorized_keys id user_id secret_ref secret_type secrets_count max_tokens min_password_length passthrough compass ' +
    'auth_mode auth_type auth_algorithm authentication access_key_id kernel_id monkey donkey metadata_items password_policy ' +
    'token_type bypass_rules author authorized tokenizer_name userdata_size img_signature_hash_method fingerprint';
  for (const name of secret.split(' ')) it(`hides ${name}`, () => assert.equal(isSecretName(name), true));
  for (const name of harmless.split(' ')) it(`shows ${name}`, () => assert.equal(isSecretName(name), false));
});

describe('findSecrets', () => {
  const cases: readonly (readonly [what: string, text: string, secrets: readonly string[]])[] = [
    ['nothing', '', []],
    ['plain words', 'the password was changed', []],
    ['a value of JSON', '{"server":{"adminPass":"hunter2","name":"web"}}', ['hunter2']],
    ['a value with escapes', '{"adminPass":"a\\"b\\\\"}', ['a\\"b\\\\']],
    ['spaces and lines', '{\n  "adminPass" :\n  "hunter2"\n}', ['hunter2']],
    ['control characters between', '{\u0001"password":\u0000"hunter2","a":"b"}', ['hunter2']],
    ['a list with control characters', '{"token":[\u0001"ab","cd"],"name":"x"}', ['ab', 'cd']],
    ['a name written with escapes', '{"p\\u0061ssword":"hunter2"}', ['hunter2']],
    ['an empty value', '{"adminPass":""}', []],
    ['true, false and null', '{"secret":true,"password":false,"token":null}', []],
    ['a number', '{"passcode":12345,"max_tokens":5}', ['12345']],
    ['a list', '{"passwords":["hunter2","hunter3",7]}', ['hunter2', 'hunter3', '7']],
    ['lists in lists', '{"passwords":[["hunter2"]]}', ['hunter2']],
    ['the end of an object', '{"a":{"token":"t1"},"b":"plain"}', ['t1']],
    [
      'an object under a secret name',
      '{"secret":{"name":"db","payload":"hunter2","id":"17","secret_ref":"https://b/1","n":5}}',
      ['hunter2', '5'],
    ],
    ['what stands beside it', '{"secret":{"payload":"hunter2"},"flavor":"m1"}', ['hunter2']],
    ['the id of a token', '{"auth":{"identity":{"methods":["token"],"token":{"id":"hunter2"}}}}', ['hunter2']],
    [
      'what describes a token',
      '{"token":{"user":{"id":"u","name":"n"},"expires_at":"2026","methods":["password"]}}',
      [],
    ],
    [
      'a password of Keystone',
      '{"password":{"user":{"name":"bob","domain":{"name":"d"},"password":"hunter2"}}}',
      ['hunter2'],
    ],
    ['an application credential', '{"application_credential":{"id":"17","name":"n","secret":"hunter2"}}', ['hunter2']],
    ['a blob of a credential', '{"credential":{"blob":"hunter2","type":"totp"}}', ['hunter2']],
    ['a blob of something else', '{"store":{"blob":"plain"}}', []],
    ['injected files', '{"personality":[{"path":"/etc/a","contents":"aHVudGVyMg=="}]}', ['aHVudGVyMg==']],
    ['contents of something else', '{"chapter":[{"path":"/etc/a","contents":"plain"}]}', []],
    ['a name beside its value', '{"name":"root_password","value":"hunter2"}', ['hunter2']],
    ['a value before its name', '[{"value":"hunter2","key":"apiKey"},{"value":"x","key":"size"}]', ['hunter2']],
    ['a value without a secret name', '{"name":"size","value":"5"}', []],
    ['JSON in a string', '{"body":"{\\"adminPass\\":\\"hunter2\\"}"}', ['hunter2']],
    [
      'JSON in a string in a string',
      JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ token: 'hunter2' }) }) }),
      ['hunter2'],
    ],
    ['a string of JSON alone', '"{\\"adminPass\\":\\"hunter2\\"}"', ['hunter2']],
    ['JSON cut off in the value', '{"server":{"adminPass":"hun', ['hun']],
    ['JSON cut off behind the name', '{"server":{"adminPass":', []],
    ['JSON cut off in an escape', '{"adminPass":"hun\\', ['hun\\']],
    ['JSON in a string, cut off', '{"body":"{\\"adminPass\\":\\"hun', ['hun']],
    ['JSON cut off in a list', '{"passwords":["hunter2","hun', ['hunter2', 'hun']],
    ['JSON after damage', '{"a": oops, "adminPass": "hunter2", "b": "plain"}', ['hunter2']],
    ['damage in a secret', '{"secret":{"a": oops hunter2}}', ['oops hunter2}}']],
    ['JSON of Python', "{'adminPass': 'hunter2', 'name': 'web'}", ['hunter2']],
    ['JSON of Python 2', "{u'adminPass': u'hunter2', u'name': u'web'}", ['hunter2']],
    ['a secret of Barbican', '{"name":"db","payload":"hunter2","payload_content_type":"text/plain"}', ['hunter2']],
    ['a payload of something else', '{"payload":{"name":"web"},"event":{"payload":"plain"}}', []],
    ['JSON behind words', 'failed: {"adminPass": "hunter2"} retry', ['hunter2']],
    ['lines of JSON', '{"token":"t1"}\n{"token":"t2"}', ['t1', 't2']],
    ['trailing commas and NaN', '{"a":NaN,"token":"t1",}', ['t1']],
    ['a query', '/console?token=hunter2&a=b', ['hunter2']],
    ['a query in JSON', '{"url":"http://127.0.0.1:6083/?path=x&token=hunter2#top"}', ['hunter2']],
    [
      'a signed address',
      'https://s3/x?X-Amz-Credential=AK&X-Amz-Signature=hunter2&temp_url_sig=beef',
      ['AK', 'hunter2', 'beef'],
    ],
    ['a password in an address', '{"url":"https://bob:hunter2@host/x"}', ['hunter2']],
    ['a mail address in a query', 'https://host/x?mail=bob:b@host', []],
    ['a header', 'GET / HTTP/1.1\nAuthorization: Bearer hunter2 x\nAccept: a', ['Bearer hunter2 x']],
    ['a header of a command', "curl -H 'X-Auth-Token: hunter2' -H 'Accept: a' https://h", ['hunter2']],
    ['a bearer alone', 'sent bearer abcdef123456', ['abcdef123456']],
    ['an option of a command', 'openstack --os-password hunter2 --os-token="t 1" server list', ['hunter2', 't 1']],
    ['an option without a value', 'openstack --os-token --debug', []],
    ['an environment', 'export OS_PASSWORD=hunter2\nexport OS_TOKEN="t 1"\nOS_SECRET=a b', ['hunter2', 't 1', 'a b']],
    [
      'cloud-init',
      '#cloud-config\npassword: hunter 2\nssh_pwauth: true\nusers:\n  - name: a\n    passwd: $6$x$y\n    lock_passwd: false',
      ['hunter 2', '$6$x$y'],
    ],
    ['a YAML block', 'private_key: |\n  line one\n\n  line two\nname: web', ['line one\n\n  line two']],
    [
      'a list for chpasswd',
      'chpasswd:\n  expire: false\n  list: |\n    root:hunter2\n    bob:hunter3\nname: web:1',
      ['hunter2', 'hunter3'],
    ],
    ['users for chpasswd', 'chpasswd:\n  users:\n    - name: root\n      password: hunter2\n', ['hunter2']],
    ['a pipe into chpasswd', 'echo "root:hunter2" | sudo chpasswd', ['hunter2']],
    ['cloud-init in JSON', JSON.stringify({ text: '#cloud-config\npassword: hunter2\nname: web' }), ['hunter2']],
    ['user data whole', '{"user_data":"IyEvYmluL2Jhc2gK"}', ['IyEvYmluL2Jhc2gK']],
    ['a private key in text', `before ${privateKey} after`, [privateKey]],
    ['a private key in JSON', JSON.stringify({ data: privateKey }), [JSON.stringify(privateKey).slice(1, -1)]],
    ['a private key cut off', privateKey.slice(0, 50), [privateKey.slice(0, 50)]],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIC\n-----END PUBLIC KEY-----', []],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----', []],
    ['a Keystone token by its look', `user sent ${fernet} today`, [fernet]],
    ['a JSON web token by its look', `{"x":"${jwt}"}`, [jwt]],
    ['names of policies', 'Policy does not allow os_compute_api:os-server-password:clear', []],
    [
      'numbers and times that only sound secret',
      '{"fernet_token_ttl":3600,"password_expires_at":"2026-01-01T00:00:00Z","key_name":"k"}',
      [],
    ],
    ['a public key of a key pair', '{"keypair":{"name":"k","public_key":"ssh-rsa AAAA","fingerprint":"1e:2c"}}', []],
    ['a header and its value in a list', '["X-Auth-Token","hunter2","Accept","json"]', ['hunter2']],
    ['headers in lists', '[["Accept","json"],["Authorization","Bearer x"]]', ['Bearer x']],
    ['options in a list', '["mysql","--password","hunter2","-e","x"]', ['hunter2']],
    ['names of methods in a list', '{"methods":["password","token","totp"]}', []],
    ['a header with its value', '{"header":"Authorization","value":"hunter2"}', ['hunter2']],
    ['an output of a stack', '{"output_key":"admin_password","output_value":"hunter2"}', ['hunter2']],
    [
      'several values before a name',
      '{"default":"hunter2","value":"hunter3","name":"password"}',
      ['hunter2', 'hunter3'],
    ],
    ['a key with a default', '{"name":"size","default":"5"}', []],
    ['SQL', `CREATE USER 'a'@'%' IDENTIFIED BY 'hunter2'; SELECT 1`, ['hunter2']],
    ['SQL with a plugin', `ALTER USER a IDENTIFIED WITH sha2 BY "hunter2"`, ['hunter2']],
    ['SQL of Postgres', `CREATE ROLE a WITH LOGIN PASSWORD 'hunter2' VALID UNTIL 'x'`, ['hunter2']],
    ['SQL in JSON', JSON.stringify({ query: `SET PASSWORD FOR a = PASSWORD('hunter2')` }), ['hunter2']],
    ['a password of curl', 'curl -s -u bob:hunter2 https://h/x', ['hunter2']],
    ['a user of curl', 'curl -s -u bob https://h/x:y', []],
    ['a password of mysql', 'mysql -u root -phunter2 db', ['hunter2']],
    ['a password of sshpass', 'sshpass -p hunter2 ssh a@b', ['hunter2']],
    ['chpasswd in JSON', '{"chpasswd":{"list":"root:hunter2","expire":false}}', ['root:hunter2']],
    ['chpasswd with a list in JSON', '{"chpasswd":{"list":["root:hunter2"]}}', ['root:hunter2']],
    ['chpasswd on one line', 'chpasswd: { list: ["root:hunter2"], expire: False }\nname: web:1', ['hunter2']],
    ['a key of Ceph', '{"data":{"keyring":"hunter2","auth_username":"a"}}', ['hunter2']],
    [
      'the address of a console',
      '{"console":{"type":"x","url":"https://h/x?path=%3Ftoken%3Dhunter2%26a%3Db"}}',
      ['hunter2'],
    ],
    ['a token in the path of a console', '{"remote_console":{"url":"https://h/hunter2"}}', ['https://h/hunter2']],
    ['another address', '{"image":{"url":"https://h/x"},"console":"x"}', []],
    [
      'a private key of PGP',
      'a -----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK----- b',
      ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----'],
    ],
    [
      'a private key in base64',
      JSON.stringify({ data: btoa(privateKey), cert: btoa('-----BEGIN CERTIFICATE-----\nMIIC') }),
      [btoa(privateKey)],
    ],
    [
      'tokens of other services by their look',
      `ghp_${'a1'.repeat(18)} glpat-${'b2'.repeat(10)}`,
      [`ghp_${'a1'.repeat(18)}`, `glpat-${'b2'.repeat(10)}`],
    ],
    [
      'a secret where it stands again',
      '{"adminPass":"Hunter2!x","note":"is Hunter2!x, not Hunter2!xy"}',
      ['Hunter2!x', 'Hunter2!x'],
    ],
    [
      'a word that is a secret once',
      '{"psk":"secret","name":"secret","adminPass":"foo","tag":"foo"}',
      ['secret', 'foo'],
    ],
    ['a byte order mark', '\ufeff{"token":"t1"}', ['t1']],
  ];
  for (const [what, text, secrets] of cases) it(what, () => assert.deepEqual(found(text), secrets));

  it('says where a secret was found', () => {
    const paths: readonly (readonly [string, string])[] = [
      ['{"server":{"adminPass":"x"}}', 'server.adminPass'],
      ['{"list":[1,{"token":"x"}]}', 'list[1].token'],
      ['["{\\"token\\":\\"x\\"}"]', '[0].token'],
      ['{"url":"http://h/?token=x"}', 'url: token'],
      ['OS_PASSWORD=x', 'OS_PASSWORD'],
    ];
    for (const [text, path] of paths) assert.equal(findSecrets(text)[0]?.path, path);
    const deep = findSecrets(`${'{"a":'.repeat(5000)}{"token":"x"}${'}'.repeat(5000)}`);
    assert.deepEqual(
      deep.map(({ path }) => path),
      ['….a.a.a.a.a.a.a.token'],
    );
  });

  it('gives spans in order, none overlapping, whatever the text', () => {
    const piece = fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '=',
      ' ',
      '\n',
      'password',
      '"token"',
      'chpasswd:',
      '://',
      '@',
      'Bearer ',
      '-----BEGIN PRIVATE KEY-----',
      '-----END PRIVATE KEY-----',
      '\\u0061',
      '|',
      'value',
      '"name"',
      '"x"',
      '12',
      'eyJ',
      '?',
      '--',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        let end = 0;
        for (const secret of findSecrets(text)) {
          assert.ok(secret.start >= end && secret.start < secret.end && secret.end <= text.length, text);
          end = secret.end;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

/** Words that stand nowhere else, and that a JSON string, YAML and a URL write as they are. */
const secretWord = fc.stringMatching(/^Zq[a-z0-9]{8,20}$/);
const secretKey = fc.constantFrom(
  'password',
  'adminPass',
  'token',
  'private_key',
  'psk',
  'user_data',
  'X-Auth-Token',
  'p\u0061ssword',
);

/** JSON that holds `secret` under a secret name, at some depth, perhaps as JSON in a string. */
const hiding = (secret: string): fc.Arbitrary<Json> =>
  fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      secretKey.map((key) => ({ before: 'x', [key]: secret, after: [1, 'y'] })),
      tie('node').map((inner) => [null, inner, 'z'] as Json),
      fc
        .tuple(fc.constantFrom('server', 'a "b"', 'ключ', ''), tie('node'))
        .map(([key, inner]) => ({ one: 1, [key]: inner })),
      tie('node').map((inner) => ({ body: JSON.stringify(inner) })),
      fc
        .constantFrom(`{"url":"http://h/?a=b&token=${secret}"}`, `{"text":"password: ${secret}\\nname: x"}`)
        .map((json) => JSON.parse(json) as Json),
    ),
  })).node;

describe('redactText', () => {
  it('hides a secret at any depth of JSON in JSON and leaves JSON that differs in nothing else', () => {
    fc.assert(
      fc.property(
        secretWord.chain((secret) => fc.tuple(fc.constant(secret), hiding(secret))),
        fc.boolean(),
        ([secret, value], pretty) => {
          const text = JSON.stringify(value, undefined, pretty ? 2 : 0);
          const redacted = redactText(text);
          assert.ok(!redacted.includes(secret), redacted);
          assert.deepEqual(JSON.parse(redacted), JSON.parse(text.replaceAll(secret, mask)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('hides it in JSON cut off anywhere', () => {
    fc.assert(
      fc.property(
        secretWord.chain((secret) => fc.tuple(fc.constant(secret), hiding(secret))),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([secret, value], at) => {
          const text = JSON.stringify(value);
          const cut = text.slice(0, Math.floor(at * text.length));
          // Of a secret that is cut itself, even the beginning must not show.
          assert.ok(!redactText(cut).includes(secret.slice(0, 4)), cut);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps JSON without secrets as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = JSON.stringify({ value });
        if (findSecrets(text).length === 0) assert.equal(redactText(text), text);
        assert.doesNotThrow(() => JSON.parse(redactText(text)) as unknown);
      }),
    );
  });

  it('keeps JSON with a masked number valid, in strings too', () => {
    assert.equal(redactText('{"passcode":12345}'), `{"passcode":"${mask}"}`);
    const nested = redactText(JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ passcode: 12345 }) }) }));
    const inner = (JSON.parse((JSON.parse(nested) as { a: string }).a) as { b: string }).b;
    assert.deepEqual(JSON.parse(inner), { passcode: mask });
  });

  it('hides it in strings in strings, those too deep to be read included', () => {
    let text = '{"password":"hunter2"}';
    for (let level = 0; level < 60; level++) {
      // Written like this a string grows by a few characters a level; with plain backslashes it would double.
      text = JSON.stringify([text]).replaceAll('\\\\', '\\u005c').replaceAll('\\"', '\\u0022');
      assert.ok(!redactText(text).includes('hunter2'), `level ${level}`);
    }
  });

  it('needs no stack for JSON 100,000 deep', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
      ['{"password":[', ']}'],
    ] as const) {
      const text = `${open.repeat(100_000)}{"token":"hunter2"}${close.repeat(100_000)}`;
      assert.ok(!redactText(text).includes('hunter2'));
    }
  });
});

describe('redactSummary', () => {
  it('masks in every text what a body calls a secret, and leaves what tells the event apart', () => {
    const secret = 'Hunter2-xyz';
    const event = { request_body: `{"adminPass":"${secret}"}`, uri: `/x?y=${secret}` };
    const text = `a ${secret} b`;
    const summary: EventSummary = {
      key: secret,
      eventId: text,
      time: 5,
      timestamp: text,
      source: text,
      action: text,
      outcome: 'success',
      method: text,
      uri: event.uri,
      userEmail: text,
      userId: text,
      userAgent: text,
      requestId: text,
      resourceId: secret,
    };
    const { key, resourceId, ...shown } = redactSummary(summary, event);
    assert.deepEqual([key, resourceId, shown.time, shown.outcome], [secret, secret, 5, 'success']);
    assert.deepEqual([shown.uri, shown.userAgent], [`/x?y=${mask}`, `a ${mask} b`]);
    assert.ok(!JSON.stringify(shown).includes(secret));
  });
});

describe('redactShort', () => {
  it('masks a bounded part of a text, and shows no secret cut at its edge', () => {
    const short = 'password=Hunter2 ';
    assert.equal(redactShort(short), `password=${mask} `);
    for (let shift = 0; shift < 80; shift += 8) {
      const shown = redactShort(`${'a '.repeat(32_000)}${' '.repeat(1470 + shift)}${fernet}${' a'.repeat(1_000_000)}`);
      assert.ok(shown.length < maxShort && shown.endsWith('…') && !shown.includes('gAAAAA'), String(shift));
    }
  });
});

describe('redactUri', () => {
  it('masks the query only', () => {
    assert.equal(redactUri('/v2.1/servers/1/action?token=abc&x=1'), `/v2.1/servers/1/action?token=${mask}&x=1`);
    assert.equal(redactUri('/v2.1/os-keypairs/my-token'), '/v2.1/os-keypairs/my-token');
    assert.equal(redactUri('/v2.1/servers/1/os-server-password'), '/v2.1/servers/1/os-server-password');
  });
});

describe('redactEvent', () => {
  it('masks a secret of one field wherever it stands in another', () => {
    const secret = 'Pa"ss\\w0rd';
    const redacted = redactEvent({
      request_body: JSON.stringify({ changePassword: { adminPass: secret } }),
      response_body: JSON.stringify({ badRequest: { message: `${secret} is too weak, try ${secret}1` } }),
      detail: `said ${secret}`,
      other: { said: [secret] },
    });
    assert.deepEqual(redacted, {
      request_body: JSON.stringify({ changePassword: { adminPass: mask } }),
      response_body: JSON.stringify({ badRequest: { message: `${mask} is too weak, try ${secret}1` } }),
      detail: `said ${mask}`,
      other: { said: [mask] },
    });
  });

  it('masks every field and keeps all else, unknown fields included', () => {
    const event: ActivityEvent = {
      action: 'vm-action',
      uri: '/v2.1/x?token=hunter2',
      request_body: '{"changePassword":{"adminPass":"hunter2"}}',
      response_body: { password: 'hunter2', size: 7 },
      user_agent: 'curl --token hunter2',
      token: 'hunter2',
      secret: 7,
      'x-new': [{ name: 'a', private_key: 'hunter2' }],
      count: 12,
      nothing: null,
    };
    const redacted = redactEvent(event);
    assert.ok(!JSON.stringify(redacted).includes('hunter2'));
    assert.deepEqual(redacted, {
      ...event,
      uri: `/v2.1/x?token=${mask}`,
      request_body: `{"changePassword":{"adminPass":"${mask}"}}`,
      response_body: { password: mask, size: 7 },
      user_agent: `curl --token ${mask}`,
      token: mask,
      secret: mask,
      'x-new': [{ name: 'a', private_key: mask }],
    });
    assert.deepEqual(Object.keys(redacted), Object.keys(event));
  });

  it('gives back the same object where there is nothing to hide', () => {
    const event: ActivityEvent = { action: 'a', request_body: '{"fernet_token_ttl":3600}', deep: { key_name: 'k' } };
    assert.equal(redactEvent(event), event);
  });

  it('takes fields 10,000 deep', () => {
    const deep = JSON.parse(`${'['.repeat(10_000)}{"token":"hunter2"}${']'.repeat(10_000)}`) as Json;
    let inner: Json | undefined = redactEvent({ deep })['deep'];
    while (Array.isArray(inner)) inner = inner[0] as Json;
    assert.deepEqual(inner, { token: mask });
  });
});
