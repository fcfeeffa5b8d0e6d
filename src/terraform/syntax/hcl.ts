import { LineCounter } from '../../core/json/lineCounter';
import { HclCursor } from './hclCursor';

/** `kind "label" { body }` and where it stands. */
export interface HclBlock {
  readonly kind: string;
  readonly labels: readonly string[];
  /** Lines from 0: of the header and of the closing brace. */
  readonly line: number;
  readonly endLine: number;
  /** What stands between the braces. */
  readonly body: string;
}

/** The blocks that declare something or lead to it, with the count of their labels. */
export const labels = { resource: 2, data: 2, module: 1, import: 0, moved: 0 } as const;
export type Kind = keyof typeof labels;

export function isKind(word: string): word is Kind {
  return Object.hasOwn(labels, word);
}

/** The header of one of {@link labels}. */
export function isDeclaring<B extends Pick<HclBlock, 'kind' | 'labels'>>(
  block: B,
): block is B & { readonly kind: Kind } {
  return isKind(block.kind) && block.labels.length === labels[block.kind] && !block.labels.includes('=');
}

/**
 * The blocks of these kinds in a `.tf` file that lie in no other block, and the data sources in blocks of other kinds (`check` holds
 * such), in the order in which they end. Code that is being typed gives the blocks before the fault, and those that declare something
 * behind it.
 */
export function readHcl(text: string, kinds: readonly string[]): readonly HclBlock[] {
  return new BlockReader(text, kinds).read();
}

interface OpenBlock extends Pick<HclBlock, 'kind' | 'labels' | 'line'> {
  /** How many braces are open around it. */
  readonly depth: number;
  /** Where its body begins. */
  readonly start: number;
}

/** Braces are counted outside of strings, comments and heredocs; a header counts only where a statement begins. */
class BlockReader {
  readonly #blocks: HclBlock[] = [];
  readonly #cursor: HclCursor;
  readonly #lines: LineCounter;
  readonly #open: OpenBlock[] = [];
  #depth = 0;
  /** The statement so far: where it begins, and its first tokens. */
  #start = 0;
  #statement: string[] = [];

  constructor(
    private readonly text: string,
    private readonly kinds: readonly string[],
  ) {
    this.#cursor = new HclCursor(text);
    this.#lines = new LineCounter(text);
  }

  read(): readonly HclBlock[] {
    const cursor = this.#cursor;
    for (cursor.skipBlank(); !cursor.isAtEnd; cursor.skipBlank()) {
      const { at } = cursor;
      if (this.#statement.length === 0) this.#start = at;
      const token = cursor.token();
      const character = this.text[at];
      if (character === '{') this.#begin();
      else if (character === '}') {
        this.#depth = Math.max(0, this.#depth - 1);
        this.#close(at, this.#lines.lineAt(at));
      }
      if (character === '{' || character === '}' || character === '\n') this.#statement = [];
      else if (this.#statement.length < 4) this.#statement.push(token);
    }
    this.#depth = 0;
    this.#close(this.text.length, this.#lines.lineAt(this.text.length));
    return this.#blocks;
  }

  /** The statement opens a brace. */
  #begin(): void {
    const [kind = '', ...names] = this.#statement;
    const line = this.#lines.lineAt(this.#start);
    const declares = isDeclaring({ kind, labels: names });
    // A header at the start of a line while a block is open: the brace before it is not typed yet.
    if (declares && this.#depth > 0 && this.text[this.#start - 1] === '\n') {
      this.#depth = 0;
      this.#close(this.#start, line - 1);
    }
    const isBlock = declares ? !this.#open.some(isDeclaring) : !names.includes('=');
    const deepest = declares && kind === 'data' ? 1 : 0;
    if (isBlock && this.#depth <= deepest && this.kinds.includes(kind)) {
      this.#open.push({ kind, labels: names, line, depth: this.#depth, start: this.#cursor.at });
    }
    this.#depth++;
  }

  /** Ends the blocks around which no more braces are open than now. */
  #close(end: number, line: number): void {
    for (let open; (open = this.#open.at(-1)) && open.depth >= this.#depth; this.#open.pop()) {
      const { kind, labels: names, line: first, start } = open;
      const body = this.text.slice(start, end);
      this.#blocks.push({ kind, labels: names, line: first, endLine: Math.max(first, line), body });
    }
  }
}
