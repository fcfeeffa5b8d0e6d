import type { SecretStorage } from 'vscode';
import { Emitter } from '../../core/base/emitter';
import { UserError } from '../../core/base/errors';
import { Owner } from '../../core/base/lifecycle';
import { message } from '../../core/base/message';
import { Serial } from '../../core/base/serial';

/** The editor's secret storage, as far as it is used. */
export type SecretBackend = Pick<SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'>;

/** Secrets of one kind, by the id of their connection. They live in the backend and in memory, nowhere else. */
export class SecretStore<T> extends Owner {
  readonly #changed = this.own(new Emitter<string>());
  /** Fires with the id whose secret was set or deleted, in this window or another. */
  readonly onDidChange = this.#changed.event;
  readonly #held = new Map<string, T>();
  /** Those that the backend did not take. */
  readonly #inMemory = new Set<string>();
  readonly #writing = new Serial();
  #writes = 0;

  /** @param onFailure what is told when the backend fails: secrets are then kept in memory only */
  constructor(
    private readonly backend: SecretBackend,
    private readonly prefix: string,
    private readonly onFailure: (error: unknown) => void,
  ) {
    super();
    this.own(
      backend.onDidChange(({ key }) => {
        if (key.startsWith(prefix)) void this.load(key.slice(prefix.length));
      }),
    );
  }

  get(id: string): T | undefined {
    return this.#held.get(id);
  }

  /** Takes over what the backend holds: another window may have put it there. */
  async load(id: string): Promise<void> {
    const writes = this.#writes;
    await this.#writing.run(() => undefined);
    let text: string | undefined;
    try {
      text = await this.backend.get(this.prefix + id);
    } catch (error) {
      this.onFailure(error); // what is in memory counts
      return;
    }
    const isOld = writes !== this.#writes || (text === undefined && this.#inMemory.has(id));
    if (isOld || text === JSON.stringify(this.#held.get(id))) return;
    const value = text === undefined ? undefined : (parse(text) as T | undefined);
    this.#hold(id, value);
  }

  async set(id: string, value: T): Promise<void> {
    this.#hold(id, value);
    try {
      await this.#write(() => this.backend.store(this.prefix + id, JSON.stringify(value)));
      this.#inMemory.delete(id);
    } catch (error) {
      this.#inMemory.add(id);
      this.onFailure(error);
    }
  }

  /** @throws UserError where the backend may still hold it */
  async delete(id: string): Promise<void> {
    this.#hold(id, undefined);
    try {
      await this.#write(() => this.backend.delete(this.prefix + id));
    } catch (cause) {
      if (this.#inMemory.delete(id)) return;
      throw new UserError(
        message('The secret storage of the editor failed: it may still hold what belongs to this connection.'),
        { cause },
      );
    }
  }

  /** In the very moment of a change it is told, so that no listener misses one between two others. */
  #hold(id: string, value: T | undefined): void {
    if (value === undefined) this.#held.delete(id);
    else this.#held.set(id, value);
    this.#changed.fire(id);
  }

  /** One after the other, and {@link load} after them. */
  #write(run: () => PromiseLike<void>): Promise<void> {
    this.#writes++;
    return this.#writing.run(run);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
