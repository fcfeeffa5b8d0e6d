import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/base/errors';
import { readState } from '../../../src/terraform/readState';
import { cpuTime } from '../cpuTime';

const id = '0f3c1c5e-8f7a-4d0e-9c36-3d6f0c8b7a11';
const other = '5b1c7a52-4d1e-4a53-8ae2-6f1f2f0f9c22';

interface Instance {
  readonly [key: string]: unknown;
}

function resource(head: object, ...instances: Instance[]): object {
  return { mode: 'managed', type: 'vkcs_x', name: 'a', provider: 'p', ...head, instances };
}

function state(...resources: object[]): string {
  return JSON.stringify(
    { version: 4, terraform_version: '1.9.5', serial: 7, lineage: 'x', outputs: {}, resources },
    null,
    2,
  );
}

function shown(root: object, version = '1.0'): string {
  return JSON.stringify({
    format_version: version,
    terraform_version: '1.9.5',
    values: { outputs: {}, root_module: root },
  });
}

/** `address ids | attribute=id, ... | status` */
function short(text: string): string[] | undefined {
  return readState(text)?.instances.map(({ resource: { address, ids, status }, mentions }) =>
    [`${address} ${ids.join('+')}`, mentions.map(({ id, attribute }) => `${attribute}=${id}`).join(', '), status ?? '']
      .join(' | ')
      .replace(/(?: \| )+$/, ''),
  );
}

const own = { attributes: { id, name: 'x' } };

describe('readState', () => {
  for (const [what, resources, expected] of [
    ['a resource', [resource({}, own)], [`vkcs_x.a ${id}`]],
    ['a data source', [resource({ mode: 'data' }, own)], [`data.vkcs_x.a ${id}`]],
    ['an index of count', [resource({}, { index_key: 0, ...own })], [`vkcs_x.a[0] ${id}`]],
    ['a key of for_each', [resource({}, { index_key: 'b"c', ...own })], [`vkcs_x.a["b\\"c"] ${id}`]],
    ['a module', [resource({ module: 'module.m["k"].module.n' }, own)], [`module.m["k"].module.n.vkcs_x.a ${id}`]],
    ['a composite id', [resource({}, { attributes: { id: `${other}/${id}` } })], [`vkcs_x.a ${other}+${id}`]],
    ['an attribute', [resource({}, { attributes: { id: other, port_id: id } })], [`vkcs_x.a ${other} | port_id=${id}`]],
    [
      'a nested attribute',
      [resource({}, { attributes: { id: 'x', network: [{}, { port: id, fixed: { id: other } }] } })],
      [`vkcs_x.a x | network[1].port=${id}, network[1].fixed.id=${other}`],
    ],
    ['its own id once', [resource({}, { attributes: { device: id, id } })], [`vkcs_x.a ${id}`]],
    [
      'flat attributes',
      [resource({}, { attributes_flat: { id, 'network.0.port': other } })],
      [`vkcs_x.a ${id} | network.0.port=${other}`],
    ],
    [
      'several',
      [resource({}, { index_key: 0, attributes: { id: other } }, { index_key: 1, ...own })],
      [`vkcs_x.a[0] ${other}`, `vkcs_x.a[1] ${id}`],
    ],
    [
      'a deposed object beside its successor',
      [resource({}, own, { deposed: 'ab12', attributes: { id: other } })],
      [`vkcs_x.a ${id}`, `vkcs_x.a ${other} |  | deposed`],
    ],
    ['a tainted one', [resource({}, { status: 'tainted', ...own })], [`vkcs_x.a ${id} |  | tainted`]],
    [
      'nothing outside of attributes',
      [resource({ provider: id }, { private: id, dependencies: [id], attributes: { id: other } })],
      [`vkcs_x.a ${other}`],
    ],
    ['one without attributes', [resource({}, {})], ['vkcs_x.a ']],
    [
      'no secrets',
      [
        resource(
          {},
          {
            attributes: { id, password: other, config: { admin_pass: other }, kubeconfig: { uid: other }, note: 'x' },
            sensitive_attributes: [[{ type: 'get_attr', value: 'kubeconfig' }], 1, [[]]],
          },
        ),
      ],
      [`vkcs_x.a ${id}`],
    ],
  ] as const) {
    it(`reads ${what}`, () => assert.deepEqual(short(state(...resources)), expected));
  }

  it('reads the serial and the line of each instance', () => {
    const text = state(resource({}, { index_key: 0, ...own }, { index_key: 1, ...own }));
    const found = readState(text)!;
    assert.equal(found.serial, 7);
    const lines = text.split('\n');
    for (const [index, { resource }] of found.instances.entries()) {
      assert.equal(lines[resource.line]?.trim(), '{');
      assert.match(lines[resource.line + 1] ?? '', new RegExp(`"index_key": ${index}`));
    }
  });

  it('reads any order of members, one line, CRLF and a byte order mark', () => {
    const { instances, ...head } = resource({ module: 'module.m' }, own) as { instances: unknown };
    const text = `\uFEFF${JSON.stringify({ resources: [{ instances, ...head }], version: 4 })}`;
    assert.deepEqual(short(text), [`module.m.vkcs_x.a ${id}`]);
    assert.deepEqual(short(state(resource({}, own)).replaceAll('\n', '\r\n')), [`vkcs_x.a ${id}`]);
  });

  it('reads what is shown of a state', () => {
    const head = { mode: 'managed', type: 'vkcs_x', name: 'a', provider_name: 'p', schema_version: 0 };
    const text = shown({
      resources: [
        { address: 'vkcs_x.a[0]', ...head, index: 0, values: { id, port: other }, sensitive_values: {} },
        { address: 'vkcs_x.a[0]', ...head, index: 0, values: { id: other }, deposed_key: 'ab12' },
        { address: 'data.vkcs_x.a', ...head, mode: 'data', values: { id: 'x' }, tainted: true },
      ],
      child_modules: [
        {
          address: 'module.m["vkcs_x.b"]',
          resources: [
            {
              address: 'module.m["vkcs_x.b"].vkcs_x.b["k"]',
              ...head,
              name: 'b',
              index: 'k',
              values: { id, config: { uid: other } },
              sensitive_values: { config: true },
            },
          ],
          child_modules: [
            { resources: [{ address: 'module.m["vkcs_x.b"].module.n.vkcs_x.a', ...head, values: { id } }] },
          ],
        },
      ],
    });
    const expected = [
      `vkcs_x.a[0] ${id} | port=${other}`,
      `vkcs_x.a[0] ${other} |  | deposed`,
      'data.vkcs_x.a x |  | tainted',
      `module.m["vkcs_x.b"].vkcs_x.b["k"] ${id}`,
      `module.m["vkcs_x.b"].module.n.vkcs_x.a ${id}`,
    ];
    assert.deepEqual(short(text), expected);
    assert.deepEqual(
      readState(text)!.instances.map(({ resource }) => resource.module),
      ['', '', '', 'module.m["vkcs_x.b"]', 'module.m["vkcs_x.b"].module.n'],
    );
    // What is shown of a plan: the state before it counts, not what is to be.
    const plan = {
      format_version: '1.2',
      planned_values: { root_module: { resources: [{ address: 'vkcs_x.no' }] } },
      prior_state: JSON.parse(text) as unknown,
    };
    assert.deepEqual(short(JSON.stringify(plan)), expected);
  });

  it('says what other JSON is not', () => {
    for (const text of ['[]', '{}', '1', '{"format_version": "1.0"}', '{"a": {"resources": []}}'])
      assert.equal(readState(text), undefined);
  });

  for (const [what, text, expected] of [
    [
      'is too old',
      JSON.stringify({ version: 3, modules: [{ resources: { 'vkcs_x.a': { primary: { id } } } }] }),
      /version 3.*too old/,
    ],
    [
      'is encrypted',
      JSON.stringify({ serial: 1, meta: {}, encrypted_data: id, encryption_version: 'v0' }),
      /encrypted.*tofu show -json/,
    ],
    ['is cut off', state(resource({}, own)).slice(0, -20), /not complete JSON/],
    ['is cut off within an id', state(resource({}, own)).split(id)[0]!, /not complete JSON/],
    ['is no JSON', '{ x', /not complete JSON/],
    ['has a fault within an instance', state(resource({}, own)).replace(`"${id}"`, '}'), /not complete JSON/],
  ] as const) {
    it(`says that a state ${what}, and nothing of it`, () =>
      assert.throws(
        () => readState(text),
        (error: unknown) => error instanceof UserError && expected.test(error.message) && !error.message.includes(id),
      ));
  }

  it('survives odd shapes', () => {
    const odd = [null, 1, id, [], {}, [id], { id: 1 }, { id: [id] }, { id: null }];
    const resources = [
      ...odd,
      ...odd.map((instances) => ({ type: 't', name: 'n', instances })),
      { type: 't', name: 'n', instances: odd },
      {
        type: 't',
        name: 'n',
        instances: odd.map((attributes) => ({ attributes, index_key: attributes, sensitive_attributes: attributes })),
      },
      ...odd.map((type) => ({ type, name: type, mode: type, module: type, instances: [own] })),
      { type: 't', name: 'x'.repeat(5000), instances: [own] },
    ];
    assert.ok(readState(state(...(resources as object[]))));
    for (const value of odd) {
      readState(JSON.stringify({ version: 4, serial: value, resources: value }));
      readState(JSON.stringify({ format_version: '1.0', values: value }));
      readState(
        shown({
          resources: [value, { address: value, type: 't', name: 'n' }],
          child_modules: [value, { child_modules: value }],
        }),
      );
    }
  });

  it('reads large and hostile states in linear time', () => {
    const instance = JSON.stringify({ attributes: { id, text: '{[\\"}'.repeat(200), list: [{ port: other }] } });
    const many = Array.from(
      { length: 20 },
      () => `{"type":"t","name":"a","instances":[${Array(500).fill(instance).join()}]}`,
    );
    const start = cpuTime();
    assert.equal(readState(`{"version":4,"resources":[${many.join()}]}`)?.instances.length, 10_000);
    for (const text of [
      '{"resources":['.repeat(1_000_000),
      `{"version":4,"resources":[${'{"instances":['.repeat(500_000)}`,
      `{"version":4,"resources":[{"type":"${'\\"'.repeat(2_000_000)}`,
      `{"version":4,"x":"${'\\'.repeat(4_000_000)}`,
      `{"version":4${','.repeat(4_000_000)}`,
    ])
      assert.throws(() => readState(text), UserError);
    assert.ok(cpuTime() - start < 3000);
  });

  it('survives deep nesting and many ids in one resource', () => {
    const deep = `${'['.repeat(100_000)}"${id}"${']'.repeat(100_000)}`;
    const text = `{"version": 4, "resources": [{"type": "t", "name": "a", "instances": [{"attributes": {"x": ${deep}}}]}]}`;
    assert.equal(readState(text)?.instances[0]?.mentions.length, 1);
    let modules = '{"resources": []}';
    for (let depth = 0; depth < 10_000; depth++) modules = `{"child_modules": [${modules}]}`;
    assert.ok(readState(`{"format_version": "1.0", "values": {"root_module": ${modules}}}`));
    const ids = Array.from({ length: 10_000 }, (_, i) => `${id.slice(0, -5)}${String(i).padStart(5, '0')}`);
    const [listing] = readState(state(resource({}, { attributes: { id: other, ids } })))!.instances;
    assert.ok(listing && listing.mentions.length <= 100);
    assert.deepEqual(readState(state(resource({ name: 'x'.repeat(5_000) }, own)))!.instances, []);
  });
});
