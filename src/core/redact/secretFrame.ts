import { isHeaderName, isPlainName, isSecretChild, isSecretName, isTokenName } from './secretNames';
import { revealedBy, siblingOf, type Sibling } from './secretSiblings';

/** What an object or list passes on to the values in it. */
export const enum Mode {
  None,
  /** Under a secret name: every value is secret, but for plain names. */
  Secret,
  /** Under the name of a token: only its `id`, or the values of a list. */
  Token,
}

/** What an element of a list says of the next one. */
export const enum Before {
  Other,
  /** The name of a header or an option: what follows is a secret. */
  Header,
  /** The name of a secret: what follows is one where the list ends with it. */
  Name,
}

/** A value that is a secret if what stands beside it says so. */
interface Kept<Span> {
  readonly sibling: Sibling;
  readonly span: Span;
}

const none: readonly Sibling[] = [];

/** An object or list that is being read, and which of its values are secrets by their place. */
export class Frame<Span> {
  readonly mode: Mode;
  /** The nearest name above. */
  readonly owner: string;
  /** The current name, as written; '' before the first. */
  key = '';
  index = 0;
  /** In a list: whether the element before makes this one a secret. */
  before = Before.Other;
  /** In a list of words: the first, which may be a command. */
  command = '';
  /** Whether the value under the current name is one. */
  #keySecret = false;
  /** In an object: what its strings so far make secret beside them, and what still waits for one that does. */
  #revealed = none;
  #kept: Kept<Span>[] | undefined;

  /** @param start where it begins */
  constructor(
    readonly list: boolean,
    readonly start: number,
    parent: Frame<Span> | undefined,
  ) {
    this.mode = parent ? parent.#innerMode() : Mode.None;
    this.owner = parent ? (parent.list ? parent.owner : parent.key) : '';
  }

  /** @param mayBeSecret false where the name was found to hold nothing that a secret name does */
  setKey(key: string, mayBeSecret: boolean): void {
    this.key = key;
    this.#keySecret = mayBeSecret && (isSecretName(key) || isSecretChild(this.owner, key));
  }

  /** Goes on to the next element or name. */
  next(): void {
    if (this.list) this.index++;
    else this.key = '';
  }

  /** Whether the value that comes now is a secret by its place. */
  isSecretPlace(): boolean {
    if (this.list) return this.mode !== Mode.None;
    if (this.#keySecret) return true;
    if (this.mode === Mode.Token) return this.key === 'id';
    return this.mode === Mode.Secret && !isPlainName(this.key);
  }

  /** Notes what an element of a list says of the next one. */
  noteElement(text: string): void {
    if (isHeaderName(text)) this.before = Before.Header;
    else if (this.before === Before.Other && this.index === 0 && isSecretName(text) && !isPlainName(this.owner)) {
      this.before = Before.Name;
    }
  }

  /** Whether the value under the current name is a secret by what stands beside it; if not yet, `span` is kept. */
  isRevealed(span: () => Span): boolean {
    const sibling = this.list ? undefined : siblingOf(this.key);
    if (sibling === undefined) return false;
    if (this.#revealed.includes(sibling)) return true;
    (this.#kept ??= []).push({ sibling, span: span() });
    return false;
  }

  /** What was kept and is a secret because `text` stands under the current name ('': because the name is there). */
  reveal(text: string): readonly Span[] {
    const sibling = this.list ? undefined : revealedBy(this.key, text);
    if (sibling === undefined || this.#revealed.includes(sibling)) return [];
    this.#revealed = [...this.#revealed, sibling];
    return (this.#kept ?? []).filter((kept) => kept.sibling === sibling).map(({ span }) => span);
  }

  /** The mode of an object or list under the current name. */
  #innerMode(): Mode {
    if (this.list) return this.mode;
    const sibling = siblingOf(this.key);
    if (sibling !== undefined && this.#revealed.includes(sibling)) return Mode.Secret;
    if (this.#keySecret) {
      if (isTokenName(this.key)) return Mode.Token;
      const isWhole = isSecretName(this.key) ? !/credentials?$/i.test(this.key) : this.key === 'list';
      return isWhole ? Mode.Secret : Mode.None;
    }
    return this.mode === Mode.Secret && !isPlainName(this.key) ? Mode.Secret : Mode.None;
  }
}
