import type { TextDocument } from 'vscode';
import type { Block } from '../../terraform/syntax/terraformBlocks';
import type { Activity } from '../../history/history';
import type { StateResource } from '../../protocol/terraform';
import type { CodeIndex } from './codeIndex';
import type { Session } from '../session/session';
import { groupOf, outsideGroups } from './resourceGroups';
import type { StateTimes } from './stateTimes';

/** A block of code and what happened to its resources within the chosen times. */
export interface ActiveBlock {
  readonly block: Block;
  readonly resources: readonly StateResource[];
  readonly activity: Activity;
  /** How many of the events are changes outside Terraform after the last apply. */
  readonly outside: number;
}

/** The blocks of a document that have events, from one question to the index and one to the history. */
export async function activeBlocks(
  document: TextDocument,
  { session, code, times }: { readonly session: Session; readonly code: CodeIndex; readonly times: StateTimes },
  signal: AbortSignal,
): Promise<readonly ActiveBlock[]> {
  const { history, range } = session;
  if (!history) return [];
  const blocks = (await code.blocks(document, signal)).filter(({ resources }) => resources.length > 0);
  if (blocks.length === 0) return [];
  const outside = blocks.map(({ resources }) => outsideGroups(resources, (source) => times.appliedAt(source)));
  const groups = [...blocks.map(({ resources }) => groupOf(resources)), ...outside.flat()];
  const activities = await history.activity(groups, range, signal);
  let next = blocks.length;
  return blocks.flatMap(({ block, resources }, index) => {
    const own = activities.slice(next, (next += outside[index]?.length ?? 0));
    const activity = activities[index];
    if (!activity || activity.events === 0) return [];
    return [{ block, resources, activity, outside: own.reduce((sum, { events }) => sum + events, 0) }];
  });
}
