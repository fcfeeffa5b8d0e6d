import type { Issued } from '../../../../src/api';
import { Emitter } from '../../../../src/core/base/emitter';
import { RequestError } from '../../../../src/core/base/errors';
import { message } from '../../../../src/core/base/message';
import type { SignInParts } from '../../../../src/host/signIn/signInWith';
import type { Connection } from '../../../../src/host/connections/connections';
import { Renewal } from '../../../../src/host/connections/renewal';
import type { SecretBackend } from '../../../../src/host/connections/secretStore';
import { signOut } from '../../../../src/host/signIn/signOut';
import { Tokens } from '../../../../src/host/connections/tokens';
import { silentLog } from '../../history/fixture';
import { never } from '../../api/client';
import type { Gate } from './manyOrders';

const authUrl = 'https://keystone.test:5000/v3';
const address = 'https://audit.test/auditlogs/v1/7f3c1d2e9b8a4c5d8e6f0a1b2c3d4e5f';
const auth = { kind: 'password', authUrl, user: { name: 'ann', domain: { name: 'users' } } } as const;
export const connection: Connection = { id: 'a', name: 'A', kind: 'http', address, auth };
export const password = 'correct horse';

/** What the windows of one computer share: the secret storage, a lock, and Keystone. */
export class Computer {
  readonly kept = new Map<string, string>();
  /** The tokens in force. */
  readonly living = new Set<string>();
  readonly windows: GatedWindow[] = [];
  password = password;
  #locked: Promise<unknown> = Promise.resolve();

  constructor(readonly gate: Gate) {}

  issue(): Issued {
    const token = `token ${String(this.#count++)}`;
    this.living.add(token);
    return { token, expires: Date.now() + 3_600_000, project: undefined, catalog: [] };
  }
  #count = 1;

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#locked.then(work);
    this.#locked = turn.catch(() => undefined);
    return turn;
  }
}

/**
 * A window that stands still wherever it waits for the world. As in the editor, what it writes to the secret storage it sees at
 * once and others later, in the order of its writes.
 */
export class GatedWindow implements SecretBackend {
  readonly tokens: Tokens;
  readonly renewal: Renewal;
  readonly #changed = new Emitter<{ key: string }>();
  readonly onDidChange = this.#changed.event;
  readonly #seen: Map<string, string>;
  /** What goes on one after the other. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(
    private readonly name: string,
    private readonly computer: Computer,
    /** Whether each look into the storage takes its time, too. */
    private readonly readsSlowly = false,
  ) {
    this.#seen = new Map(computer.kept);
    computer.windows.push(this);
    const end = async (token: string): Promise<void> => {
      await this.#turn('revokes');
      computer.living.delete(token);
    };
    this.tokens = new Tokens(
      this,
      (error) => {
        throw error;
      },
      ({ token }) => end(token),
    );
    this.renewal = new Renewal({
      tokens: this.tokens,
      log: silentLog,
      keystone: { signIn: (_identity, secret) => this.#signIn(secret) },
      connection: () => connection,
      keepServices: async () => undefined,
      onMoved: () => undefined,
      exclusively: (work) => computer.exclusively(work),
    });
  }

  renew(): Promise<boolean> {
    return this.renewal.renew(connection.id, never);
  }

  signOut(): Promise<void> {
    const session = { connection, stopLoading: async () => undefined };
    const parts = { connections: { withId: () => connection }, session, tokens: this.tokens, renewal: this.renewal };
    return signOut(parts as unknown as SignInParts, connection, false);
  }

  async get(key: string): Promise<string | undefined> {
    if (this.readsSlowly) await this.#turn('reads');
    return this.#seen.get(key);
  }

  store(key: string, value: string): Promise<void> {
    return this.#write(key, value);
  }

  delete(key: string): Promise<void> {
    return this.#write(key, undefined);
  }

  async #signIn(secret: string): Promise<Issued> {
    await this.#turn('asks');
    const issued = secret === this.computer.password ? this.computer.issue() : undefined;
    await this.#turn('is answered');
    if (!issued) throw new RequestError('unauthorized', message('No.'));
    return issued;
  }

  async #write(key: string, value: string | undefined): Promise<void> {
    this.#see(key, value);
    void this.#turn('writes').then(() => {
      put(this.computer.kept, key, value);
      for (const other of this.computer.windows) if (other !== this) void other.#hear(key, value);
    });
  }

  async #hear(key: string, value: string | undefined): Promise<void> {
    await this.#turn('hears');
    this.#see(key, value);
  }

  #turn(what: string): Promise<void> {
    const turn = (this.#queues.get(what) ?? Promise.resolve()).then(() => this.computer.gate(`${this.name} ${what}`));
    this.#queues.set(what, turn);
    return turn;
  }

  #see(key: string, value: string | undefined): void {
    put(this.#seen, key, value);
    this.#changed.fire({ key });
  }
}

function put(map: Map<string, string>, key: string, value: string | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
