import { randomUUID } from 'node:crypto';
import { EventEmitter, type Memento } from 'vscode';
import type { Identity } from '../../core/openstack/credentials';
import { UserError } from '../../core/base/errors';
import { Owner } from '../../core/base/lifecycle';
import { message } from '../../core/base/message';
import type { CatalogService } from '../../core/openstack/serviceUrl';

/** What may change of a connection while its history stays. */
export interface Details {
  /** How it gets its tokens; undefined: they are handed over one by one. */
  readonly auth?: Identity | undefined;
  /** The components to load, one stream each; undefined: those of the setting. */
  readonly components?: readonly string[] | undefined;
  /** Its services, as its Keystone told. */
  readonly catalog?: readonly CatalogService[] | undefined;
  /** Component -> base address, as the user named them for this connection. */
  readonly serviceUrls?: Readonly<Record<string, string>> | undefined;
}

/** Where events come from: an Audit endpoint, the built-in sample, or a saved log. Holds no secret. */
export interface Connection extends Details {
  /** Names the history and the secrets; a new one is made when endpoint and project change. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'http' | 'sample' | 'file';
  /** The endpoint (`http`), the path (`file`) or '' (`sample`). */
  readonly address: string;
}

const listKey = 'connections';
const activeKey = 'activeConnection';

/**
 * The connections the user has set up. They live in the editor's own storage, never in settings: a workspace cannot
 * add or change one. The list is shared by all windows; each workspace remembers which one is active.
 */
export class Connections extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  /** The list or the active connection changed. */
  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly global: Memento,
    private readonly workspace: Memento,
  ) {
    super();
  }

  all(): readonly Connection[] {
    return this.global.get<readonly Connection[]>(listKey, []);
  }

  active(): Connection | undefined {
    const id = this.workspace.get<string>(activeKey) ?? this.global.get<string>(activeKey);
    return id === undefined ? undefined : this.withId(id);
  }

  /** The connection as it is now; undefined where it was removed. */
  withId(id: string): Connection | undefined {
    return this.all().find((connection) => connection.id === id);
  }

  named(name: string): Connection | undefined {
    return this.all().find((connection) => connection.name === name);
  }

  /** @throws UserError that names the connections there are */
  require(name: string): Connection {
    const connection = this.named(name);
    if (connection) return connection;
    const names = this.all().map((item) => item.name);
    throw new UserError(message('There is no connection "{0}". There are: {1}.', name, names.join(', ') || '–'));
  }

  hasEndpoint(address: string): boolean {
    return this.all().some((connection) => connection.kind === 'http' && connection.address === address);
  }

  /** The name of the connection to this address, where there is one; else `wanted`, with a number where it is taken. */
  nameFor(kind: Connection['kind'], address: string, wanted: string): string {
    const known = this.all().find((connection) => connection.kind === kind && connection.address === address);
    if (known) return known.name;
    let name = wanted;
    for (let number = 2; this.named(name); number++) name = `${wanted} (${number})`;
    return name;
  }

  /**
   * Adds a connection, or changes the one of that name, and makes it active. Details that are left out stay as they were
   * where the address is the same. Returns it, with the one it took the place of when its address (and with it id, history and secrets) changed.
   */
  async save(
    name: string,
    kind: Connection['kind'],
    address: string,
    details: Details = {},
  ): Promise<{ connection: Connection; replaced: Connection | undefined }> {
    const earlier = this.named(name);
    const same = earlier?.kind === kind && earlier.address === address;
    const connection = same ? { ...earlier, ...details } : { id: randomUUID(), name, kind, address, ...details };
    const rest = this.all().filter((item) => item.name !== name);
    await this.global.update(listKey, [...rest, connection]);
    await this.activate(connection.id);
    return { connection, replaced: same ? undefined : earlier };
  }

  /** Changes what may change of a connection; one that is gone is left alone. */
  async change(id: string, change: Details & { readonly name?: string }): Promise<void> {
    await this.global.update(
      listKey,
      this.all().map((connection) => (connection.id === id ? { ...connection, ...change } : connection)),
    );
    this.#changed.fire();
  }

  async activate(id: string | undefined): Promise<void> {
    await this.workspace.update(activeKey, id);
    await this.global.update(activeKey, id);
    this.#changed.fire();
  }

  async remove(id: string): Promise<void> {
    await this.global.update(
      listKey,
      this.all().filter((connection) => connection.id !== id),
    );
    this.#changed.fire();
  }
}
