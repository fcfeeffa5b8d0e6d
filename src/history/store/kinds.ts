import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fieldText, type ActivityEvent, type EventField } from '../../core/event/event';

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
  value: number | undefined;
}

/** A number for each kind. A map for each field costs less than putting the texts together. */
export class KindMap {
  readonly #root: Node = { next: new Map(), value: undefined };

  /** The number of an event's kind; what `add` gives for a new one. */
  of(event: ActivityEvent, add: (kind: Kind) => number): number {
    let node = this.#root;
    for (const field of kindFields) {
      const text = fieldText(event, field);
      let next = node.next.get(text);
      if (!next) node.next.set(text, (next = { next: new Map(), value: undefined }));
      node = next;
    }
    return (node.value ??= add(
      Object.fromEntries(kindFields.map((field) => [field, fieldText(event, field)])) as Kind,
    ));
  }
}

/** How many kinds are remembered; all others are read from the table. */
const maxRemembered = 20_000;

/** The table `kinds`. */
export class Kinds {
  readonly #database: DatabaseSync;
  readonly #byId = new Map<number, Kind>();
  #ids = new KindMap();
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

  /** The number of a kind, a new one if need be. Inside a transaction; after a rollback call {@link forget}. */
  add(kind: Kind): number {
    if (this.#remembered >= maxRemembered) this.forget();
    return this.#ids.of(kind, () => {
      this.#remembered++;
      const texts = kindFields.map((field) => kind[field]);
      return Number(this.#find.get(...texts)?.['id'] ?? this.#add.run(...texts).lastInsertRowid);
    });
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
    this.#ids = new KindMap();
    this.#remembered = 0;
  }
}
