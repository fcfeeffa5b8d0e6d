import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** How many names are remembered; a log with more distinct values than this is read from the table. */
const maxRemembered = 50_000;

/** The table `names`: texts that many events share, by number. */
export class Names {
  readonly #byId = new Map<number, string>();
  readonly #byValue = new Map<string, number>();
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #read: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT id FROM names WHERE value = ?');
    this.#add = database.prepare('INSERT INTO names (value) VALUES (?)');
    this.#read = database.prepare('SELECT value FROM names WHERE id = ?');
  }

  /** The number of `value`; undefined where no event has it. */
  find(value: string): number | undefined {
    const known = this.#byValue.get(value);
    if (known !== undefined) return known;
    const row = this.#find.get(value);
    return row ? this.#remember(Number(row['id']), value) : undefined;
  }

  /** The number of `value`, a new one where it has none. Inside a transaction; after a rollback call {@link forget}. */
  add(value: string): number {
    return this.find(value) ?? this.#remember(Number(this.#add.run(value).lastInsertRowid), value);
  }

  value(id: number): string {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const value = String(this.#read.get(id)?.['value'] ?? '');
    this.#remember(id, value);
    return value;
  }

  forget(): void {
    this.#byId.clear();
    this.#byValue.clear();
  }

  #remember(id: number, value: string): number {
    if (this.#byId.size >= maxRemembered) this.forget();
    this.#byId.set(id, value);
    this.#byValue.set(value, id);
    return id;
  }
}
