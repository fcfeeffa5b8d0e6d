import type { Memento } from 'vscode';
import { presetRange, type Preset } from '../../core/time/days';
import type { Range } from '../../core/time/range';
import type { Block } from '../../terraform/syntax/terraformBlocks';
import type { Search } from '../../core/search/search';
import type { ResourceGroup, View } from '../../history/history';
import type { Connection } from '../connections/connections';
import { setting } from '../ui/settings';

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
  /** Only events of this code. */
  readonly code?: CodeChoice | undefined;
  readonly grouping: Grouping;
}

/** What is asked of the code: which resources it declares, all that states know where no file is named. */
export interface CodeSubject {
  readonly uri?: string | undefined;
  /** Only this block of the file. */
  readonly block?: BlockName | undefined;
  /** Only what was changed outside Terraform since the last apply. */
  readonly outside?: boolean | undefined;
}

/** What tells a block from the others of a module. */
export type BlockName = Pick<Block, 'kind' | 'type' | 'name'>;

/** Resources that are looked at together because of the code that declares them. */
export interface CodeChoice {
  readonly subject: CodeSubject;
  /** What people call it: the address of a block, the name of a file. */
  readonly name: string;
  /** Undefined until the code is read: resources are not remembered, since code changes. */
  readonly groups?: readonly ResourceGroup[] | undefined;
  /** The blocks by which its events are listed, instead of by component and day. */
  readonly blocks?: readonly CodeBlock[] | undefined;
}

/** The code whose resources are still to be looked up. */
export function unreadCode({ code }: Choice): CodeChoice | undefined {
  return code?.groups ? undefined : code;
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
    const { code } = choice;
    await this.memento.update(keyOf(connection), {
      ...choice,
      code: code && { subject: code.subject, name: code.name },
    });
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

/** What is asked of the history for it. */
export function viewOf({ resourceId, code }: Choice, range: Range, search: Search | undefined): View {
  return { range, search, resourceId, resources: code && (code.groups ?? []) };
}
