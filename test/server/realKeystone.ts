import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** A Keystone as clouds run it (Debian's package), on loopback. */
export interface RealKeystone {
  readonly authUrl: string;
  /** A call by its administrator; the answer's body. `path` follows `/v3`. */
  call(method: string, path: string, body?: object, token?: string): Promise<Record<string, unknown>>;
  /** Makes a project with one member. Returns the id of the project. */
  addProject(name: string, member: { readonly name: string; readonly password: string }): Promise<string>;
  /** The project that a token is for; undefined where it is not in force. */
  projectOf(token: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Where there is none to be had, the reason. */
interface NoKeystone {
  readonly missing: string;
}

type Made<Kind extends string> = Record<Kind, { readonly id: string }>;

const execute = promisify(execFile);
/** Bounded: where a mirror does not answer, there is no Keystone. */
const run = (program: string, args: readonly string[], cwd?: string) =>
  execute(program, args, { cwd, timeout: 90_000 });
const python = '/usr/bin/python3';
const folder = path.resolve('.vscode-test/keystone');

/** Starts a Keystone whose tokens live for `seconds` and whose catalog leads to `auditUrl`. */
export async function startRealKeystone(seconds: number, auditUrl: string): Promise<RealKeystone | NoKeystone> {
  try {
    await unpack();
  } catch (error) {
    return { missing: `a real Keystone needs Debian's apt and Python: ${String(error).split('\n', 1)[0]}` };
  }
  const home = mkdtempSync(path.join(tmpdir(), 'keystone-'));
  const environment = { ...process.env, PYTHONPATH: path.join(folder, 'usr/lib/python3/dist-packages') };
  const script = path.resolve('test/server/serveKeystone.py');
  const child = spawn(python, [script, home, auditUrl, String(seconds)], {
    env: environment,
    stdio: 'pipe',
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors = `${errors}${String(chunk)}`.slice(-3_000)));
  const ended = once(child, 'close');
  const [authUrl] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [unknown];
  if (typeof authUrl !== 'string') throw new Error(`Keystone did not start: ${errors}`);

  const send = (method: string, name: string, headers: Record<string, string>, body?: object) =>
    fetch(authUrl + name.slice(1), {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  const domain = { id: 'default' };
  const admin = { methods: ['password'], password: { user: { name: 'admin', domain, password: 'admin' } } };
  const adminScope = { project: { name: 'admin', domain } };
  const signInAsAdmin = async (): Promise<string> => {
    const response = await send('POST', '/auth/tokens', {}, { auth: { identity: admin, scope: adminScope } });
    return response.headers.get('x-subject-token') ?? '';
  };
  const call: RealKeystone['call'] = async (method, name, body, token) => {
    const response = await send(method, name, { 'x-auth-token': token ?? (await signInAsAdmin()) }, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${name}: ${response.status} ${text} ${errors}`);
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  };
  return {
    authUrl,
    call,
    async addProject(name, member) {
      const made = (await call('POST', '/projects', { project: { name, domain_id: 'default' } })) as Made<'project'>;
      const user = { ...member, domain_id: 'default', default_project_id: made.project.id };
      const added = (await call('POST', '/users', { user })) as Made<'user'>;
      const { roles } = (await call('GET', '/roles?name=member')) as { roles: { id: string }[] };
      await call('PUT', `/projects/${made.project.id}/users/${added.user.id}/roles/${roles[0]?.id}`);
      return made.project.id;
    },
    async projectOf(token) {
      const response = await send('GET', '/auth/tokens', { 'x-auth-token': token, 'x-subject-token': token });
      if (!response.ok) return undefined;
      const { token: description } = (await response.json()) as { token: { project?: { id: string } } };
      return description.project?.id;
    },
    async stop() {
      child.stdin.end();
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Unpacks the packages that the system lacks, beside the other things that tests download. Nothing is installed. */
async function unpack(): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(path.dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    const downloads = path.join(draft, 'packages');
    await mkdir(downloads);
    await run(python, ['--version']);
    const packages = await missingPackages().catch(async () => {
      await run('apt-get', ['update']);
      return missingPackages();
    });
    if (packages.length > 0) await run('apt-get', ['download', ...packages], downloads);
    for (const name of await readdir(downloads)) await run('dpkg', ['-x', path.join(downloads, name), draft]);
    await rm(downloads, { recursive: true });
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // else another run was faster
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function missingPackages(): Promise<string[]> {
  const { stdout } = await run('apt-get', ['install', '-s', '--no-install-recommends', 'keystone']);
  return Array.from(stdout.matchAll(/^Inst (\S+) (?:\[\S+\] )?\((\S+)/gm), ([, name, version]) => `${name}=${version}`);
}
