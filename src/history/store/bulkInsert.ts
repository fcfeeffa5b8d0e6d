import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** Rows for one statement: the fewer statements run, the less each row costs. */
const rowsAtOnce = 50;

/** Inserts rows into a table many at a time. Call {@link flush} before they are read, and at the end. */
export class BulkInsert {
  readonly #one: StatementSync;
  readonly #many: StatementSync;
  readonly #width: number;
  #values: SQLInputValue[] = [];

  constructor(database: DatabaseSync, table: string, columns: readonly string[]) {
    const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES `;
    const row = `(${columns.map(() => '?').join(', ')})`;
    this.#one = database.prepare(insert + row);
    this.#many = database.prepare(insert + Array.from({ length: rowsAtOnce }, () => row).join(', '));
    this.#width = columns.length;
  }

  /** As many values as there are columns. */
  add(...values: SQLInputValue[]): void {
    this.#values.push(...values);
    if (this.#values.length < rowsAtOnce * this.#width) return;
    this.#many.run(...this.#take());
  }

  flush(): void {
    const values = this.#take();
    for (let at = 0; at < values.length; at += this.#width) this.#one.run(...values.slice(at, at + this.#width));
  }

  /** Drops what is not written yet. */
  drop(): void {
    this.#take();
  }

  #take(): SQLInputValue[] {
    const values = this.#values;
    this.#values = [];
    return values;
  }
}
