import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../src/core/base/errors';
import { format } from '../../../src/core/base/message';
import { findClouds, findCloudsAt, type Findings } from '../../../src/credentials/searchClouds';
import { importClouds } from '../../../src/credentials/importClouds';
import { yardstick } from '../../e2e/yardstick';
import type { HomePlaces } from '../../../src/credentials/places';

const signal = new AbortController().signal;
const reader = { path: path.resolve('dist/importWorker.js') };
const keystone = 'https://keystone.test:5000/v3';

describe('findClouds', () => {
  let root: string;
  let surroundings: HomePlaces;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'clouds-'));
    surroundings = { home: at('home'), platform: 'linux', environment: {}, folders: [at('code')], trusted: true };
    mkdirSync(at('code'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const at = (name: string): string => path.join(root, ...name.split('/'));
  const put = (name: string, ...lines: string[]): string => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), lines.join('\n'));
    return at(name);
  };
  const cloud = (name: string, ...auth: string[]): string[] => [
    'clouds:',
    `  ${name}:`,
    '    auth:',
    ...auth.map((line) => `      ${line}`),
  ];
  const names = ({ clouds }: Findings): string[] =>
    clouds.map(({ kind, file, name }) => `${kind} ${file.replace(`${root}/`, '')} ${name}`.trim());

  it('finds what lies about, in the order of the tools', async () => {
    put('code/clouds.yaml', ...cloud('repository', `auth_url: ${keystone}`));
    put('code/prod-openrc.sh', `export OS_AUTH_URL=${keystone}`);
    put('code/notes.sh', `export OS_AUTH_URL=${keystone}`);
    put('code/deep/infra/main.tf', 'provider "openstack" {', `  auth_url = "${keystone}"`, '}');
    put('code/.terraform/modules/x/main.tf', 'provider "vkcs" {}');
    put('home/.config/openstack/clouds.yaml', ...cloud('mine', `auth_url: ${keystone}`));
    put('home/Downloads/mcs123-openrc.sh', `export OS_AUTH_URL=${keystone}`);
    const environment = { OS_AUTH_URL: keystone };
    assert.deepEqual(names(await findClouds({ ...surroundings, environment })), [
      'environment',
      'clouds code/clouds.yaml repository',
      'clouds home/.config/openstack/clouds.yaml mine',
      'openrc home/Downloads/mcs123-openrc.sh',
      'openrc code/prod-openrc.sh',
      'terraform code/deep/infra/main.tf openstack',
    ]);
  });

  it('reads no file of a workspace that is not trusted', async () => {
    put('code/clouds.yaml', ...cloud('repository', `auth_url: ${keystone}`));
    put('code/secure.yaml', ...cloud('mine', 'password: planted'));
    put('code/openrc', `export OS_AUTH_URL=${keystone}`);
    put('code/main.tf', 'provider "vkcs" {}');
    put('home/.config/openstack/clouds.yaml', ...cloud('mine', `auth_url: ${keystone}`));
    symlinkSync(at('code'), at('link'));
    const untrusted = { ...surroundings, trusted: false };
    const environment = {
      OS_CLIENT_CONFIG_FILE: at('link/clouds.yaml'),
      OS_CLIENT_SECURE_FILE: at('code/secure.yaml'),
    };
    const own = 'clouds home/.config/openstack/clouds.yaml mine';
    assert.deepEqual(names(await findClouds(untrusted)), [own]);
    const found = await findClouds({ ...untrusted, environment });
    assert.deepEqual([names(found), found.clouds[0]?.values.password], [[own], undefined]);
    assert.deepEqual(names(await findClouds({ ...untrusted, folders: [at('home')] })), []);
    for (const file of ['code', 'code/clouds.yaml', 'code/openrc', 'code/main.tf', 'link', 'link/clouds.yaml'])
      await assert.rejects(findCloudsAt(at(file), untrusted), /not trusted are not read/);
    assert.deepEqual(names(await findCloudsAt(at('home/.config/openstack'), untrusted)), [own]);
  });

  it('completes own clouds from secure.yaml and profiles of the folders, as the tools do', async () => {
    put(
      'home/.config/openstack/clouds.yaml',
      'clouds:',
      '  one: {profile: vendor, auth: {project_id: 01234567890123456789}}',
    );
    put('xdg/openstack/secure.yaml', ...cloud('one', 'password: 0123'));
    put('home/.config/openstack/clouds-public.yaml', 'public-clouds:', `  vendor: {auth: {auth_url: '${keystone}'}}`);
    const environment = { XDG_CONFIG_HOME: at('xdg') };
    const { clouds, problems } = await findClouds({ ...surroundings, environment });
    assert.deepEqual(problems, []);
    assert.deepEqual(clouds[0]?.values, { auth_url: keystone, password: '0123', project_id: '01234567890123456789' });
  });

  it('takes the files that the environment names first', async () => {
    const file = put('elsewhere/mine.yaml', ...cloud('one', `auth_url: ${keystone}`));
    const secure = put('elsewhere/s.yaml', ...cloud('one', 'password: p'));
    const environment = { OS_CLIENT_CONFIG_FILE: file, OS_CLIENT_SECURE_FILE: secure };
    const [found] = (await findClouds({ ...surroundings, environment })).clouds;
    assert.deepEqual([found?.file, found?.values.password], [file, 'p']);
  });

  it('puts the cloud first that the environment names', async () => {
    const file = put(
      'code/clouds.yaml',
      'clouds:',
      `  one: {auth: {auth_url: '${keystone}'}}`,
      `  two: {auth: {auth_url: '${keystone}'}}`,
    );
    const chosen = { ...surroundings, environment: { OS_CLOUD: 'two' } };
    assert.deepEqual(
      (await findClouds(chosen)).clouds.map(({ name }) => name),
      ['two', 'one'],
    );
    assert.deepEqual(
      (await findCloudsAt(file, chosen)).clouds.map(({ name }) => name),
      ['two'],
    );
    assert.equal((await findCloudsAt(file, surroundings)).clouds.length, 2);
  });

  describe('never mixes secrets with what comes with a repository', () => {
    const evil = 'https://evil.test/v3';

    it("keeps one's own secure.yaml from clouds.yaml of the workspace", async () => {
      put('code/clouds.yaml', ...cloud('one', `auth_url: ${evil}`));
      const secure = put('home/.config/openstack/secure.yaml', ...cloud('one', 'password: secret'));
      for (const environment of [{}, { OS_CLIENT_SECURE_FILE: secure }]) {
        const { clouds } = await findClouds({ ...surroundings, environment });
        assert.deepEqual(
          clouds.map(({ values }) => values),
          [{ auth_url: evil }],
        );
      }
    });

    it('knows a file of the workspace by whatever path it is named', async () => {
      put('code/clouds.yaml', ...cloud('one', `auth_url: ${evil}`));
      put('home/.config/openstack/secure.yaml', ...cloud('one', 'password: secret'));
      symlinkSync(at('code'), at('link'));
      for (const file of ['code', 'link', 'code/clouds.yaml', 'link/clouds.yaml']) {
        const { clouds } = await findCloudsAt(at(file), surroundings);
        assert.deepEqual(
          clouds.map(({ values }) => values),
          [{ auth_url: evil }],
          file,
        );
      }
    });

    it("keeps secure.yaml and profiles of the workspace from one's own clouds.yaml", async () => {
      put('code/secure.yaml', ...cloud('one', `auth_url: ${evil}`));
      put('code/clouds-public.yaml', 'public-clouds:', `  vendor: {auth: {auth_url: '${evil}'}}`);
      put(
        'home/.config/openstack/clouds.yaml',
        'clouds:',
        `  one: {profile: vendor, auth: {auth_url: '${keystone}', password: secret}}`,
      );
      const { clouds } = await findClouds(surroundings);
      assert.deepEqual(
        clouds.map(({ values }) => values.auth_url),
        [keystone],
      );
    });

    it('follows no link out of the workspace', async () => {
      put('code/clouds.yaml', ...cloud('one', `auth_url: ${evil}`));
      const secure = put('home/.config/openstack/secure.yaml', ...cloud('one', 'password: secret'));
      symlinkSync(secure, at('code/secure.yaml'));
      const code = put('home/code/main.tf', 'provider "openstack" {', `  auth_url = "${keystone}"`, '}');
      const script = put('home/code/openrc', `export OS_AUTH_URL=${keystone}`);
      symlinkSync(code, at('code/main.tf'));
      symlinkSync(script, at('code/openrc'));
      for (const folder of [secure, code].map((file) => path.dirname(file)))
        symlinkSync(folder, at(`code/${path.basename(folder)}`));
      const { clouds, problems } = await findClouds(surroundings);
      assert.deepEqual(
        clouds.map(({ values }) => values),
        [{ auth_url: evil }],
      );
      const told = problems.map((problem) => /(\S+) is a link that leads out of its folder/.exec(format(problem))?.[1]);
      assert.deepEqual(
        told,
        ['secure.yaml', 'openrc', 'main.tf'].map((name) => at(`code/${name}`)),
      );
    });

    it('takes no secret from a profile of one’s own', async () => {
      put('code/clouds.yaml', 'clouds:', `  one: {profile: vendor, auth: {auth_url: '${evil}'}}`);
      const own = 'home/.config/openstack/clouds-public.yaml';
      put(own, 'public-clouds:', '  vendor: {auth: {username: ivan, password: secret}}');
      const { clouds } = await findClouds(surroundings);
      assert.deepEqual(
        clouds.map(({ values }) => values),
        [{ auth_url: evil, username: 'ivan' }],
      );
    });

    it('keeps the environment from a provider block that names another address', async () => {
      put('code/a/main.tf', 'provider "vkcs" {', `  auth_url = "${evil}"`, '}');
      put('code/b/main.tf', 'provider "vkcs" {', '  project_id = "p"', '}');
      const environment = { OS_AUTH_URL: keystone, OS_USERNAME: 'ivan', OS_PASSWORD: 'secret' };
      const { clouds } = await findClouds({ ...surroundings, environment });
      const found = clouds.filter(({ kind }) => kind === 'terraform').map(({ values }) => values);
      assert.deepEqual(found, [
        { auth_url: evil },
        {
          auth_url: keystone,
          username: 'ivan',
          password: 'secret',
          project_id: 'p',
          user_domain_name: 'users',
          region_name: 'RegionOne',
        },
      ]);
    });

    it('expands nothing from the environment in a script', async () => {
      put('code/openrc', `export OS_AUTH_URL=${evil}`, 'export OS_PASSWORD=$OS_PASSWORD', 'export OS_USERNAME=$(id)');
      const environment = { OS_PASSWORD: 'secret' };
      const { clouds } = await findClouds({ ...surroundings, environment });
      assert.deepEqual(
        clouds.map(({ values }) => values),
        [{ auth_url: evil }],
      );
    });
  });

  it('says which files cannot be used, without a word of what is in them', async () => {
    put('code/clouds.yaml', 'clouds: [secret');
    put('code/big-openrc.sh', '#'.repeat(600_000));
    put(
      'home/.config/openstack/clouds.yaml',
      'a: &a [x]',
      ...'bcdefghijk'.split('').map(
        (key, i) =>
          `${key}: &${key} [${Array(9)
            .fill(`*${'abcdefghij'[i] ?? ''}`)
            .join()}]`,
      ),
    );
    const { problems } = await findClouds(surroundings);
    const texts = problems.map((problem) => format(problem).replaceAll(root, ''));
    assert.deepEqual(texts, [
      '/code/clouds.yaml is not valid YAML.',
      '/home/.config/openstack/clouds.yaml is not valid YAML.',
      '/code/big-openrc.sh is larger than 512 KB.',
    ]);
  });

  it('leaves out YAML of very many pieces or aliases before it takes memory, and reads the others', async () => {
    put('code/clouds.yaml', '[', 'a,'.repeat(250_000), ']');
    put('code/clouds.yml', 'a: &a {}', ...Array.from({ length: 201 }, (_, n) => `b${n}: {<<: *a}`));
    put('code/clouds.json', '{', `"clouds": {"one": {"auth": {"auth_url": "${keystone}"}}}`, '}');
    const found = await importClouds({ file: undefined, surroundings }, reader, signal);
    assert.deepEqual(names(found), ['clouds code/clouds.json one']);
    const texts = found.problems.map((problem) => format(problem).replaceAll(root, ''));
    assert.deepEqual(texts, [
      '/code/clouds.yaml was left out: YAML of more than 150000 words and signs is not read.',
      '/code/clouds.yml was left out: YAML with more than 200 aliases is not read.',
    ]);
  });

  it('reads no more of a folder, and of all, than their bounds, names what it leaves out, and reads the others', async () => {
    const half = '#'.repeat(512 * 1024);
    const provider = ['provider "openstack" {', `  auth_url = "${keystone}"`, '}'];
    for (const folder of 'abcd') for (const name of 'mnop') put(`code/${folder}/${name}.tf`, half);
    put('code/a/q.tf', ...provider);
    put('code/e/a.tf', ...provider);
    const ignored = await findClouds(surroundings);
    assert.deepEqual(names(ignored), []);
    rmSync(at('code/d/p.tf'));
    const found = await findClouds(surroundings);
    assert.deepEqual(names(found), ['terraform code/e/a.tf openstack']);
    const [texts, before] = [found, ignored].map(({ problems }) =>
      problems.map((problem) => format(problem).replaceAll(root, '')),
    );
    const inFolder = '/code/a/q.tf was left out: no more than 2 MB of one folder are read.';
    assert.deepEqual(before, [inFolder, '/code/e/a.tf was left out: no more than 8 MB are read in all.']);
    assert.deepEqual(texts, [inFolder]);
  });

  it('lets no script that doubles a value hide what other files tell', async () => {
    put(
      'code/a-openrc.sh',
      'OS_USERNAME=aaaaaaaa',
      ...Array<string>(60).fill('OS_USERNAME=$OS_USERNAME$OS_USERNAME'),
      `OS_AUTH_URL=${keystone}`,
    );
    put('code/b-openrc.sh', `export OS_AUTH_URL=${keystone}`);
    const found = await findClouds(surroundings);
    assert.deepEqual(names(found), ['openrc code/a-openrc.sh', 'openrc code/b-openrc.sh']);
    assert.deepEqual(
      found.clouds[0]?.notes.map((note) => format(note)),
      ['The file makes OS_USERNAME longer than anything one signs in with.'],
    );
  });

  it('names a file that fails in a way nobody foresaw, and goes on with the others', async () => {
    put('code/a-openrc.sh', `export OS_AUTH_URL=$'\\x41'`);
    put('code/b-openrc.sh', `export OS_AUTH_URL=${keystone}`);
    put('code/c.tf', 'provider "vkcs" {', '  username = "\\u0041"', '}');
    put('code/d.tf', 'provider "vkcs" {', '  username = "a"', '}');
    const { fromCodePoint } = String;
    String.fromCodePoint = () => {
      throw new RangeError('Invalid string length of hunter2');
    };
    try {
      const found = await findClouds(surroundings);
      assert.deepEqual(names(found), ['openrc code/b-openrc.sh', 'terraform code/d.tf vkcs']);
      const left = (file: string) => `/code/${file} was left out: reading it failed. Take out what is unusual in it.`;
      const problems = found.problems.map((problem) => format(problem).replaceAll(root, ''));
      assert.deepEqual(problems, [left('a-openrc.sh'), left('c.tf')]);
    } finally {
      String.fromCodePoint = fromCodePoint;
    }
  });

  it('does not wait for pipes, and takes no folder for a file', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [at('code/clouds.yaml'), at('code/openrc')]);
    mkdirSync(at('code/clouds.yml'));
    assert.deepEqual(await findClouds(surroundings), { clouds: [], problems: [] });
  });

  describe('findCloudsAt', () => {
    it('reads one file of any kind, or the files of a folder', async () => {
      const script = put('code/anything', `OS_AUTH_URL=${keystone}`);
      const yaml = put('other/one.yml', ...cloud('one', `auth_url: ${keystone}`));
      put('other/secure.yaml', ...cloud('one', 'password: p'));
      const code = put('other/main.tf', 'provider "openstack" {', '  cloud = "two"', '}');
      const settings = put('other/terraform.tfvars', '');
      put('other/clouds.yaml', ...cloud('two', `auth_url: ${keystone}`, 'username: ivan'));
      for (const [file, kind, values] of [
        [script, 'openrc', { auth_url: keystone }],
        [yaml, 'clouds', { auth_url: keystone, password: 'p' }],
        [code, 'terraform', { auth_url: keystone, username: 'ivan' }],
        [settings, 'terraform', { auth_url: keystone, username: 'ivan' }],
        [at('other'), 'clouds', { auth_url: keystone, username: 'ivan' }],
      ] as const) {
        const [found] = (await findCloudsAt(file, surroundings)).clouds;
        assert.deepEqual([found?.kind, found?.values], [kind, values], file);
      }
    });

    const refused: readonly (readonly [name: string, lines: readonly string[] | undefined, says: RegExp])[] = [
      ['gone.sh', undefined, /There is no file .*gone\.sh/],
      ['empty.sh', ['echo hello'], /tells of no cloud/],
      ['bad.yaml', ['a: ['], /is not valid YAML/],
    ];
    for (const [name, lines, says] of refused) {
      it(`refuses ${name}`, async () => {
        if (lines) put(`code/${name}`, ...lines);
        await assert.rejects(
          findCloudsAt(at(`code/${name}`), surroundings),
          (error) => error instanceof UserError && says.test(error.message),
        );
      });
    }
  });

  describe('importClouds', () => {
    it('finds the same in a thread of its own', async () => {
      put('code/clouds.yaml', ...cloud('one', `auth_url: ${keystone}`));
      const found = await importClouds({ file: undefined, surroundings }, reader, signal);
      assert.deepEqual(found, await findClouds(surroundings));
      await assert.rejects(
        importClouds({ file: at('gone'), surroundings }, reader, signal),
        (error) => error instanceof UserError && /There is no file/.test(error.message),
      );
    });

    const run = (script: string, longestMs?: number, signal = new AbortController().signal) => {
      const worker = { path: put('worker.js', script), maxMemoryMb: 96, ...(longestMs !== undefined && { longestMs }) };
      return importClouds({ file: undefined, surroundings }, worker, signal);
    };

    for (const [what, script, longestMs] of [
      ['time', 'for (;;);', 200],
      ['memory', 'const all = []; for (;;) all.push(new Array(1e5).fill({}));', 60_000],
    ] as const)
      it(`ends what takes too much ${what}`, async () => {
        await assert.rejects(run(script, longestMs), { name: 'UserError', message: /too much time or memory/ });
      });

    it('lets no worker go on that was cancelled', async () => {
      const file = at('ticks');
      const abort = new AbortController();
      const ticking = `setInterval(() => require('node:fs').appendFileSync(${JSON.stringify(file)}, 'x'), 2)`;
      const running = run(ticking, undefined, abort.signal);
      while (!existsSync(file)) await sleep(5);
      abort.abort();
      await assert.rejects(running, { name: 'AbortError' });
      await sleep(50);
      const { size } = statSync(file);
      await sleep(100);
      assert.equal(statSync(file).size, size);
    });

    it('gives the worker nothing of the environment but what it is told', async () => {
      const keys = `const { parentPort } = require('node:worker_threads');
        parentPort.on('message', ({ id }) => parentPort.postMessage({ rpc: 'result', id, value: Object.keys(process.env) }));`;
      assert.deepEqual(await run(keys), []);
    });

    it('never holds up the editor, and ends when it is cancelled', async () => {
      put(
        'code/clouds.yaml',
        'clouds:',
        ...Array.from({ length: 8_000 }, (_, i) => `  c${i}: {auth: {auth_url: "https://x.test"}}`),
      );
      let longest = 0;
      let last = performance.now();
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last - 5);
        last = performance.now();
      }, 5);
      await importClouds({ file: undefined, surroundings }, reader, signal).catch(() => undefined);
      clearInterval(timer);
      const unit = Math.min(...Array.from({ length: 6 }, yardstick)); // 100 ms on a quiet machine, once it is warm
      assert.ok(longest < 5 * unit, `${longest} ms, ${unit} ms`);
      const abort = new AbortController();
      const running = importClouds({ file: undefined, surroundings }, reader, abort.signal);
      setTimeout(() => abort.abort(), 50);
      await assert.rejects(running, { name: 'AbortError' });
    });
  });
});
