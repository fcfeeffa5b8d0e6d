import type { Memento } from 'vscode';
import { presetRange, type Preset } from '../core/days';
import type { Range } from '../core/range';
import type { ResourceGroup } from '../history/history';
import type { Connection } from './connections';
import { setting } from './settings';

const second = 1000;

/** A range as chosen: relative to now, from a moment until now, or exact. */
export type RangeChoice = { readonly preset: Preset } | { readonly since: number } | Range;
export type Grouping = 'component' | 'day';

/** What of the history is looked at; remembered for each connection. */
export interface Choice {
  readonly range: RangeChoice;
  /** In the search language; '' = no filter. */
  readonly query: string;
  /** Only events that name this resource. */
  readonly resourceId?: string | undefined;
  /** Only events of this code; not remembered, since code changes. */
  readonly code?: CodeChoice | undefined;
  readonly grouping: Grouping;
}

/** Resources that are looked at together because of the code that declares them. */
export interface CodeChoice {
  /** What people call it: the address of a block, the name of a file. */
  readonly name: string;
  readonly groups: readonly ResourceGroup[];
  /** The blocks by which its events are listed, instead of by component and day. */
  readonly blocks?: readonly CodeBlock[] | undefined;
  /** The same as the code is now. */
  readonly renew?: () => Promise<CodeChoice>;
}

/** Resources of a block of code. */
export interface CodeBlock {
  readonly name: string;
  readonly groups: readonly ResourceGroup[];
}

/** What was looked at last of each connection. */
export class Choices {
  constructor(private readonly memento: Memento) {}

  of(connection: Connection | undefined): Choice {
    const standard: Choice = { range: { preset: setting('defaultRange') }, query: '', grouping: 'component' };
    return connection ? this.memento.get(keyOf(connection), standard) : standard;
  }

  async keep(connection: Connection, choice: Choice): Promise<void> {
    await this.memento.update(keyOf(connection), { ...choice, code: undefined });
  }

  async forget(connection: Connection): Promise<void> {
    await this.memento.update(keyOf(connection), undefined);
  }
}

function keyOf(connection: Connection): string {
  return `choice.${connection.id}`;
}

/** A choice as times. Timestamps are whole seconds [spec]: the range takes in the second that is now. */
export function rangeOf(range: RangeChoice, now: number): Range {
  const end = (Math.floor(now / second) + 1) * second;
  if ('since' in range) return { from: range.since, to: Math.max(end, range.since) };
  return 'preset' in range ? presetRange(range.preset, end) : range;
}
