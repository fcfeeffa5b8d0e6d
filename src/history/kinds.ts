import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fieldText, type ActivityEvent, type EventField } from '../core/event';

/** Fields that many events share; a kind is one combination of them. */
export const kindFields = [
  'source',
  'success',
  'action',
  'method',
  'user_email',
  'user_id',
  'user_agent',
] as const satisfies readonly EventField[];

export type Kind = Readonly<Record<(typeof kindFields)[number], string>>;

interface Node {
  readonly next: Map<string, Node>;
  id: number | undefined;
}

/** How many kinds are remembered; all others are read from the table. */
const maxRemembered = 20_000;

/** The table `kinds`. */
export class Kinds {
  readonly #database: DatabaseSync;
  readonly #byId = new Map<number, Kind>();
  #ids: Node = { next: new Map(), id: undefined };
  #remembered = 0;
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #read: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const conditions = kindFields.map((field) => `${field} = ?`).join(' AND ');
    this.#find = database.prepare(`SELECT id FROM kinds WHERE ${conditions}`);
    this.#add = database.prepare(
      `INSERT INTO kinds (${kindFields.join()}) VALUES (${kindFields.map(() => '?').join()})`,
    );
    this.#read = database.prepare(`SELECT ${kindFields.join()} FROM kinds WHERE id = ?`);
  }

  /** The number of the event's kind, a new one if need be. Inside a transaction; after a rollback call {@link forget}. */
  add(event: ActivityEvent): number {
    // A map for each field costs less than putting the texts together.
    let node = this.#ids;
    for (const field of kindFields) {
      const text = fieldText(event, field);
      let next = node.next.get(text);
      if (!next) node.next.set(text, (next = { next: new Map(), id: undefined }));
      node = next;
    }
    if (node.id !== undefined) return node.id;
    const texts = kindFields.map((field) => fieldText(event, field));
    node.id = Number(this.#find.get(...texts)?.['id'] ?? this.#add.run(...texts).lastInsertRowid);
    const { id } = node;
    if (++this.#remembered >= maxRemembered) this.forget();
    return id;
  }

  get(id: number): Kind {
    const known = this.#byId.get(id);
    if (known) return known;
    const kind = this.#read.get(id) as Kind | undefined;
    if (!kind) throw new Error(`No kind ${id}`);
    if (this.#byId.size >= maxRemembered) this.forget();
    this.#byId.set(id, kind);
    return kind;
  }

  /** All kinds, by number. */
  all(): Map<number, Kind> {
    const rows = this.#database.prepare(`SELECT id, ${kindFields.join()} FROM kinds`).all();
    return new Map(rows.map(({ id, ...kind }) => [Number(id), kind as Kind]));
  }

  forget(): void {
    this.#byId.clear();
    this.#ids = { next: new Map(), id: undefined };
    this.#remembered = 0;
  }
}
