import assert from 'node:assert/strict';
import fc from 'fast-check';
import { format } from '../../../src/core/base/message';
import { readEnvironment, readOpenrc } from '../../../src/credentials/openrc';
import { readShellScript } from '../../../src/credentials/shellScript';
import { cpuTime } from '../cpuTime';

/** As Horizon writes it, with the vendor's addresses. */
const horizon = `#!/usr/bin/env bash
# To use an OpenStack cloud you need to authenticate against the Identity
# service named keystone ('v3'), which returns a **Token**.
export OS_AUTH_URL=https://infra.mail.ru:35357/v3/
export OS_PROJECT_ID=b5b7ffd4ef0547e5b222f44500000000
export OS_PROJECT_NAME="mcs1234567890"
export OS_USER_DOMAIN_NAME="users"
if [ -z "$OS_USER_DOMAIN_NAME" ]; then unset OS_USER_DOMAIN_NAME; fi
export OS_PROJECT_DOMAIN_ID="default"
if [ -z "$OS_PROJECT_DOMAIN_ID" ]; then unset OS_PROJECT_DOMAIN_ID; fi
# unset v2.0 items in case set
unset OS_TENANT_ID
unset OS_TENANT_NAME
export OS_USERNAME="ivan@example.test"
# With Keystone you pass the keystone password.
echo "Please enter your OpenStack Password for project $OS_PROJECT_NAME as user $OS_USERNAME: "
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT
export OS_REGION_NAME="RegionOne"
# Don't leave a blank variable, unset it if it was empty
if [ -z "$OS_REGION_NAME" ]; then unset OS_REGION_NAME; fi
export OS_INTERFACE=public
export OS_IDENTITY_API_VERSION=3
`;

const horizonValues = {
  auth_url: 'https://infra.mail.ru:35357/v3/',
  project_id: 'b5b7ffd4ef0547e5b222f44500000000',
  project_name: 'mcs1234567890',
  user_domain_name: 'users',
  project_domain_id: 'default',
  username: 'ivan@example.test',
  region_name: 'RegionOne',
};

describe('readOpenrc', () => {
  for (const [name, text] of [
    ['as Horizon writes it', horizon],
    ['with the line ends of Windows', horizon.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${horizon}`],
  ] as const) {
    it(`reads a file ${name}, and says that it asks for the password`, () => {
      const found = readOpenrc(text);
      assert.deepEqual(found.values, horizonValues);
      assert.deepEqual(
        found.notes.map((note) => format(note)),
        ['The file asks for OS_PASSWORD when it is run.'],
      );
    });
  }

  it('reads the lines that the vendor gives for the command line of Windows', () => {
    const text = [
      '@echo off',
      'set OS_AUTH_URL=https://infra.mail.ru:35357/v3/',
      'set "OS_USERNAME=ivan@example.test"',
      "SET OS_PASSWORD=it's $secret & \\more",
      'set /p OS_TOKEN=Token: ',
      'set OS_PROJECT_NAME=%PROJECT%',
    ].join('\r\n');
    const { values, notes } = readOpenrc(text);
    assert.deepEqual(values, {
      auth_url: 'https://infra.mail.ru:35357/v3/',
      username: 'ivan@example.test',
      password: "it's $secret & \\more",
    });
    assert.deepEqual(
      notes.map((note) => format(note)),
      [
        'The file asks for OS_TOKEN when it is run.',
        'The file takes OS_PROJECT_NAME from a variable that it does not set.',
      ],
    );
  });

  it('reads the lines that the vendor gives for PowerShell', () => {
    const text = [
      '$env:OS_AUTH_URL = "https://infra.mail.ru:35357/v3/"',
      "$Env:OS_USERNAME='o''brien'; # me",
      '$env:OS_PASSWORD = "a`"b`$c""d"',
      '$env:OS_TOKEN = Read-Host "Token"',
      '$env:OS_REGION_NAME = "$region"',
      '$env:OS_PROJECT_ID = (Get-Content id)',
    ].join('\n');
    const { values, notes } = readOpenrc(text);
    assert.deepEqual(values, {
      auth_url: 'https://infra.mail.ru:35357/v3/',
      username: "o'brien",
      password: 'a"b$c"d',
    });
    assert.deepEqual(
      notes.map((note) => format(note)),
      [
        'The file asks for OS_TOKEN when it is run.',
        'The file takes OS_REGION_NAME from a variable that it does not set.',
        'The file takes OS_PROJECT_ID from a command, which is not run.',
      ],
    );
  });

  it('knows the older names, and leaves out what is only a placeholder', () => {
    const { values } = readOpenrc(
      'OS_TENANT_ID=1\nOS_AUTH_TOKEN=t\nOS_USERNAME=<your name>\nOS_PASSWORD=YOUR_PASSWORD',
    );
    assert.deepEqual(values, { project_id: '1', token: 't' });
  });
});

describe('readEnvironment', () => {
  it('takes values as they are, however they look to a shell', () => {
    const { values } = readEnvironment({ OS_PASSWORD: ` $x 'y' #z `, OS_USERNAME: '', HOME: '/root', OS_FUTURE: '1' });
    assert.deepEqual(values, { password: ` $x 'y' #z ` });
  });
});

describe('readShellScript', () => {
  /** What `A` is then: its text, or why it is not known. */
  const cases: readonly (readonly [script: string, expected: string | undefined])[] = [
    ['A=1', '1'],
    ['export A=1', '1'],
    ['declare -x A="1"', '1'],
    ['typeset -x A=1; readonly B=2', '1'],
    ['export B=2 A=1', '1'],
    ['A=1 B=2', '1'],
    ['A=1 # comment', '1'],
    ['A=a#b', 'a#b'],
    ['# A=1', undefined],
    ['A=1 openstack token issue', undefined],
    ['echo A=1', undefined],
    ['A="a b"', 'a b'],
    [`A='a "b" $c \\'`, 'a "b" $c \\'],
    [`A=a'b'"c"\\ d`, 'abc d'],
    [`A='it'\\''s'`, "it's"],
    ['A="a\\"b\\$c\\`d\\\\e\\f"', 'a"b$c`d\\e\\f'],
    [`A=$'a\\tb\\'c\\x41\\u0416\\n'`, "a\tb'cAЖ\n"],
    ['A=$"text"', 'text'],
    ['A=one\\\ntwo', 'onetwo'],
    ['A=1 \\\n  B=2', '1'],
    ["A='two\nlines'", 'two\nlines'],
    ['B=1; A=$B', '1'],
    ['B=1; A=${B}2', '12'],
    ['B=1; A="$B-$B"', '1-1'],
    ['A=${B:-default}', 'default'],
    ['A="${B:-"a } b"}"', 'a } b'],
    ['B=1; A=${B:-default}', '1'],
    ['B=; A=${B:-x}; B=y', 'x'],
    ['B=1; A=${B:+yes}', 'yes'],
    ['A=${B:+yes}', ''],
    ['B=1; A=${B:?missing}', '1'],
    ['A=$HOME', '?variable'],
    ['A=${HOME}', '?variable'],
    ['B=abc; A=${B%c}', '?variable'],
    ['A=$1', '?variable'],
    ['A=$', '$'],
    ['A=a$', 'a$'],
    ['A=$(cat secret)', '?command'],
    ['A="x$(pass show "a)b")y"; C=1', '?command'],
    ['A=`cat secret`', '?command'],
    ['A=$((1+1))', '?command'],
    ['read -s A', '?prompt'],
    ['read -rsp "Password: " A', '?prompt'],
    ['read A B', '?prompt'],
    ['read -p A B', undefined],
    ['read B; export A=$B', '?prompt'],
    ['echo x; read -r -s -p "$x" A; echo', '?prompt'],
    ['A=1; unset A', undefined],
    ['A=1; if [ -z "$A" ]; then unset A; fi', '1'],
    ['if [ -z "$A" ]; then export A=1; fi', '1'],
    ['A=1; if true; then A=2; fi; B=1', '1'],
    ['if x; then A=1; else A=2; fi', '1'],
    ['[ -n "$A" ] || A=1', '1'],
    ['A=1; [ -n "$A" ] && A=2', '1'],
    ['case $1 in\n prod) A=1;;\n *) A=2;;\nesac\nB=1', '1'],
    ['for i in 1 2; do A=$i; done', '?variable'],
    ['f() { A=2; }\nA=1', '1'],
    ['(A=2)\nA=1', '1'],
    ['cat <<EOF\nA=2\nEOF\nA=1', '1'],
    ["cat <<-'END' >file\n\tA=2\n\tEND\nA=1", '1'],
    ['A=2\ncat <<EOF\nA=1', '2'],
    ['A=1 >/dev/null 2>&1', '1'],
    ['A=1; A+=2', '12'],
    ['A=$B; A=1', '1'],
    ['set -o allexport; A=1; set +o allexport', '1'],
    ['A="open end', 'open end'],
    ['A=1;}', '1'],
    ['A=1 && export A', '1'],
    ['source other.sh; . ./x; A=1', '1'],
  ];
  for (const [script, expected] of cases) {
    it(JSON.stringify(script), () => {
      const value = readShellScript(script).get('A');
      assert.equal(value?.unknown ? `?${value.unknown}` : value?.text, expected);
    });
  }

  it('reads back what a shell quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/[\0\r]/.test(text));
        const quoted = `'${text.replaceAll("'", `'\\''`)}'`;
        assert.deepEqual(readShellScript(`export A=${quoted}\n`).get('A'), { text, unknown: undefined });
        const double = text.replace(/["\\$`]/g, '\\$&');
        assert.equal(readShellScript(`A="${double}"; B=1`).get('A')?.text, text);
      }),
    );
  });

  it('comes to an end with anything, soon', () => {
    const piece = fc.constantFrom(
      ...'$ ${ $( ` " \' \\ ( ) { } ; & | < << <<E \n # A= A if fi case esac :- } 1'.split(' '),
      ' ',
      '\n',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void readShellScript(pieces.join(''))));
    for (const text of ['${a:-', '$(', '"$(', '`', '(', '{ ', 'if ', '<<E\n', "$'", '\\', '$((']) {
      const started = cpuTime();
      readShellScript(`A=${text.repeat(Math.ceil(200_000 / text.length))}`);
      assert.ok(cpuTime() - started < 2_000, text);
    }
    const spaces = ' '.repeat(200_000);
    for (const text of ['\n'.repeat(200_000), `$env:OS_X = 'a'${spaces}x`, `set OS_X=1\nset "OS_Y="${spaces}x`]) {
      const started = cpuTime();
      readOpenrc(text);
      assert.ok(cpuTime() - started < 2_000, text.slice(0, 20));
    }
  });
});
