import { randomUUID } from 'node:crypto';
import { EventEmitter, type Memento } from 'vscode';
import { Owner } from '../core/lifecycle';

/** Where events come from: an Audit endpoint, the built-in sample, or a saved log. Holds no secret. */
export interface Connection {
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
    return this.all().find((connection) => connection.id === id);
  }

  named(name: string): Connection | undefined {
    return this.all().find((connection) => connection.name === name);
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
   * Adds a connection, or changes the one of that name, and makes it active.
   * Returns it, with the one it took the place of when its address (and with it id, history and secrets) changed.
   */
  async save(
    name: string,
    kind: Connection['kind'],
    address: string,
  ): Promise<{ connection: Connection; replaced: Connection | undefined }> {
    const earlier = this.named(name);
    const same = earlier?.kind === kind && earlier.address === address;
    const connection = same ? earlier : { id: randomUUID(), name, kind, address };
    if (!same) {
      const rest = this.all().filter((item) => item.name !== name);
      await this.global.update(listKey, [...rest, connection]);
    }
    await this.activate(connection.id);
    return { connection, replaced: same ? undefined : earlier };
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
