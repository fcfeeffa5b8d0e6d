import assert from 'node:assert/strict';
import { format } from '../../../src/core/base/message';
import { readProviders } from '../../../src/credentials/terraformProvider';
import { cpuTime } from '../cpuTime';

const vendor = { auth_url: 'https://infra.mail.ru:35357/v3/', user_domain_name: 'users', region_name: 'RegionOne' };

describe('readProviders', () => {
  const valuesOf = (text: string, ...more: { name: string; text: string }[]): unknown =>
    readProviders([{ name: 'main.tf', text }, ...more])[0]?.values;

  it("reads the file of the vendor's console", () => {
    const text = `terraform {
    required_providers {
        vkcs = {
            source = "vk-cs/vkcs"
            version = "~> 0.1.12"
        }
    }
}

provider "vkcs" {
    # Your user account.
    username = "ivan@example.test"

    # The password of the account
    password = "YOUR_PASSWORD"

    project_id = "b5b7ffd4ef0547e5b222f44500000000"
    region = "RegionOne"
    auth_url = "https://infra.mail.ru:35357/v3/"
}
`;
    const [found] = readProviders([{ name: 'provider.tf', text }]);
    assert.deepEqual(found?.values, {
      auth_url: 'https://infra.mail.ru:35357/v3/',
      username: 'ivan@example.test',
      project_id: 'b5b7ffd4ef0547e5b222f44500000000',
      region_name: 'RegionOne',
    });
    assert.deepEqual(
      found.notes.map((note) => format(note)),
      ['The block has only a placeholder for password.'],
    );
    assert.equal(found.file, 'provider.tf');
  });

  it('knows where the provider of the vendor signs in unless it is told', () => {
    const [vkcs] = readProviders([{ name: 'a.tf', text: 'provider "vkcs" {}' }]);
    assert.deepEqual(vkcs?.standard, vendor);
    const [hidden] = readProviders([{ name: 'a.tf', text: 'provider "vkcs" {\n auth_url = file("x")\n}' }]);
    assert.deepEqual(hidden?.standard, {});
    const [openstack] = readProviders([
      { name: 'a.tf', text: 'provider "openstack" {\n cloud = "one"\n alias = "second"\n}' },
    ]);
    assert.deepEqual([openstack?.standard, openstack?.cloud, openstack?.name], [{}, 'one', 'openstack.second']);
  });

  const cases: readonly (readonly [expression: string, expected: string | undefined])[] = [
    ['"plain"', 'plain'],
    ['"a\\"b\\\\c\\nd\\u0041"', 'a"b\\c\ndA'],
    ['var.name', 'from default'],
    ['"${var.name}!"', 'from default!'],
    ['"${ var.name }"', 'from default'],
    ['local.both', 'from default/inner'],
    ['var.auth.user', 'inner'],
    ['var.auth["user"]', 'inner'],
    ['"a$${b%%{c"', 'a${b%{c'],
    ['var.missing', undefined],
    ['var.auth', undefined],
    ['local.loop', undefined],
    ['local.bomb', undefined],
    ['null', undefined],
    ['file("secret")', undefined],
    ['var.name == "" ? "a" : "b"', undefined],
    ['trimspace("x")', undefined],
    ['"${file("secret")}"', undefined],
    ['"${upper(var.name)}x"', undefined],
    ['"%{ if true }a%{ endif }"', undefined],
    ['<<EOT\nlines\nEOT', 'lines'],
    ['<<-EOT\n    lines\n  EOT', 'lines'],
    ['"a" /* b */ # c', 'a'],
    ['data.x.y.z', undefined],
    ['["a"]', undefined],
    ['"${lookup(local.names, "}")}"', undefined],
    ['"${upper("a")}" # "', undefined],
    ['var.name == "" ? 1 : 2 # {', undefined],
    ['trimspace( # )\n "x")', undefined],
    ['trimspace(<<EOT\n}) "\nEOT\n)', undefined],
  ];
  for (const [expression, expected] of cases) {
    it(`user_name = ${JSON.stringify(expression)}`, () => {
      const text = `
variable "name" { default = "from default" }
variable "auth" {
  type    = object({ user = string, list = list(string) })
  default = { user = "inner", "list" = ["}", "]"] }
}
variable "missing" {}
locals {
  both = "\${var.name}/\${var.auth.user}"
  loop = local.loop
  ${Array.from({ length: 9 }, (_, i) => `b${i} = "${`\${local.b${i + 1}}`.repeat(50)}"`).join('\n  ')}
  b9   = ""
  bomb = local.b0
}
provider "openstack" {
  user_name = ${expression}
  region    = "behind"
}`;
      const { username, region_name: region } = valuesOf(text) as Record<string, string>;
      assert.equal(username, expected);
      assert.equal(region, 'behind');
    });
  }

  it('takes variables from the files that Terraform reads unasked, the last one counts', () => {
    const text = 'variable "u" { default = "default" }\nprovider "openstack" { user_name = var.u }';
    const more = [
      { name: 'b.auto.tfvars', text: 'u = "b"' },
      { name: 'a.auto.tfvars.json', text: '{"u": "a"}' },
      { name: 'terraform.tfvars', text: 'u = "t"' },
      { name: 'other.tfvars', text: 'u = "other"' },
    ];
    assert.deepEqual(valuesOf(text, ...more), { username: 'b' });
    assert.deepEqual(valuesOf(text, ...more.slice(2)), { username: 't' });
    assert.deepEqual(valuesOf(text), { username: 'default' });
  });

  it('reads JSON', () => {
    const text = JSON.stringify({
      provider: { openstack: [{ user_name: '${var.u}', password: 'p' }], other: 1 },
      variable: { u: { default: 'ivan' } },
    });
    const [found] = readProviders([{ name: 'main.tf.json', text }]);
    assert.deepEqual(found?.values, { username: 'ivan', password: 'p' });
  });

  it('comes to an end with anything, soon', () => {
    for (const text of [
      '{',
      '"',
      '${',
      '"${',
      'a = {',
      'a = [',
      '<<E\n',
      '/*',
      'provider "vkcs" {',
      'a = "${{',
      '(',
      '\\',
    ]) {
      const started = cpuTime();
      readProviders([{ name: 'main.tf', text: text.repeat(Math.ceil(200_000 / text.length)) }]);
      assert.ok(cpuTime() - started < 2_000, text);
    }
    assert.deepEqual(
      readProviders([
        { name: 'main.tf.json', text: '[' },
        { name: 'a.tf.json', text: 'null' },
      ]),
      [],
    );
  });
});
