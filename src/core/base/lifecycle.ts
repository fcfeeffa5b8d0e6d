/** Something that must be let go of; shaped like VS Code's own so that both go into the same lists. */
export interface Disposable {
  dispose(): void;
}

/** Disposes of all, even when one throws; the errors come out together at the end. */
export function disposeAll(items: Iterable<Disposable>): void {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      item.dispose();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, 'Several things could not be disposed of');
}

/** Owns disposables from their birth. */
export abstract class Owner implements Disposable {
  readonly #owned: Disposable[] = [];

  /** Whether {@link dispose} was called. */
  protected disposed = false;

  /** Takes `item` into ownership and returns it. */
  protected own<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.#owned.push(item);
    return item;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    disposeAll(this.#owned.splice(0).reverse());
  }
}
