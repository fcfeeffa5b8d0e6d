import { l10n, Uri, workspace } from 'vscode';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import type { Block } from '../../terraform/syntax/terraformBlocks';
import type { StateResource } from '../../protocol/terraform';
import type { BlockName, CodeChoice, CodeSubject } from '../session/choices';
import type { CodeIndex } from './codeIndex';
import { keyOf } from './workspaceFiles';
import { blocksOf, groupOf } from './resourceGroups';
import type { StateTimes } from './stateTimes';

const never = new AbortController().signal;

/** Looks up the resources of code as files say now. */
export async function chooseCode(subject: CodeSubject, code: CodeIndex, times: StateTimes): Promise<CodeChoice> {
  const resources = await resourcesOf(subject, code);
  const name = nameOf(subject);
  if (!subject.outside) return { subject, name, groups: [groupOf(resources)] };
  const blocks = blocksOf(resources, (source) => times.appliedAt(source));
  return { subject, name, groups: blocks.flatMap(({ groups }) => groups), blocks };
}

/** @throws UserError with the reason where there are no resources to look for */
export async function requireResources({ name, groups }: CodeChoice, code: CodeIndex): Promise<void> {
  const unavailable = code.unavailable();
  if (unavailable) throw new UserError(unavailable);
  if (groups?.some(({ resources }) => resources.length > 0)) return;
  const [note] = await code.notes(never);
  const nothing = message(
    'No state of this workspace knows resources of {0}, so there are no events to look for.',
    name,
  );
  throw new UserError(note ? message('{0} {1}', nothing, note) : nothing);
}

async function resourcesOf({ uri, block }: CodeSubject, code: CodeIndex): Promise<readonly StateResource[]> {
  if (uri === undefined) return managed(await code.resources(never));
  const file = Uri.parse(uri, true);
  const declared = await code.declared(file, never);
  if (block) return declared.find((other) => isSame(other, block))?.resources ?? [];
  const key = keyOf(file);
  const stored = (await code.resources(never)).filter(({ source }) => source.file === key);
  return managed([...declared.flatMap(({ resources }) => resources), ...stored]);
}

function nameOf({ uri, block, outside }: CodeSubject): string {
  const guess = outside ? [l10n.t('changed outside Terraform (a guess)')] : [];
  if (block) return [blockName(block), ...guess].join(' ');
  if (uri !== undefined) return [workspace.asRelativePath(Uri.parse(uri, true)), ...guess].join(' ');
  return guess[0] ?? l10n.t('this workspace');
}

/** What people call a block: `vkcs_compute_instance.web`, `data.vkcs_images_image.ubuntu`, `module.database`. */
function blockName({ kind, type, name }: Pick<Block, 'kind' | 'type' | 'name'>): string {
  return [kind === 'resource' ? '' : kind, type, name].filter((part) => part !== '').join('.');
}

function isSame(left: BlockName, right: BlockName): boolean {
  return left.kind === right.kind && left.type === right.type && left.name === right.name;
}

/** Data sources name what others share: nearly every event would belong to them. */
function managed(resources: readonly StateResource[]): StateResource[] {
  return resources.filter(({ mode }) => mode === 'managed');
}
