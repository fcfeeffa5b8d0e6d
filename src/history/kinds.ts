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

/** How many kinds are remembered; all others are read from the table. */
const maxRemembered = 20_000;

/** The table `kinds`. */
export class Kinds {
  readonly #byId = new Map<number, Kind>();
  readonly #ids = new Map<string, number>();
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #read: StatementSync;

  constructor(database: DatabaseSync) {
    const conditions = kindFields.map((field) => `${field} = ?`).join(' AND ');
    this.#find = database.prepare(`SELECT id FROM kinds WHERE ${conditions}`);
    this.#add = database.prepare(
      `INSERT INTO kinds (${kindFields.join()}) VALUES (${kindFields.map(() => '?').join()})`,
    );
    this.#read = database.prepare(`SELECT ${kindFields.join()} FROM kinds WHERE id = ?`);
  }

  /** The number of the event's kind, a new one if need be. Inside a transaction; after a rollback call {@link forget}. */
  add(event: ActivityEvent): number {
    let key = '';
    for (const field of kindFields) {
      const text = fieldText(event, field);
      key += `${text.length} ${text}`;
    }
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const texts = kindFields.map((field) => fieldText(event, field));
    const id = Number(this.#find.get(...texts)?.['id'] ?? this.#add.run(...texts).lastInsertRowid);
    if (this.#ids.size >= maxRemembered) this.forget();
    this.#ids.set(key, id);
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

  forget(): void {
    this.#byId.clear();
    this.#ids.clear();
  }
}
