import { commands, l10n, Position, Uri, window, workspace, type TextDocument } from 'vscode';
import { UserError } from '../../core/errors';
import { message } from '../../core/message';
import type { StateResource } from '../../protocol/terraform';
import { idAt } from '../code/activityHover';
import { blockName } from '../code/codeActivity';
import { outsideChoice } from '../code/outsideChoice';
import { groupOf } from '../code/resourceGroups';
import type { StateTimes } from '../code/stateTimes';
import type { CodeIndex, DocumentBlock } from '../codeIndex';
import type { CodeChoice } from '../choices';
import type { Session } from '../session';
import { keyOf } from '../workspaceFiles';
import { argument, textArgument } from './arguments';
import type { CommandTable } from './register';

const never = new AbortController().signal;

/** From code to the events of its resources. */
export function codeCommands(session: Session, code: CodeIndex, times: StateTimes): CommandTable {
  async function show(choice: CodeChoice): Promise<void> {
    const { name, groups } = choice;
    if (groups.every(({ resources }) => resources.length === 0)) {
      const [note] = await code.notes(never);
      const nothing = message(
        'No state of this workspace knows resources of {0}, so there are no events to look for.',
        name,
      );
      throw new UserError(note ? message('{0} {1}', nothing, note) : nothing);
    }
    await session.setSubject({ code: choice });
    await commands.executeCommand('activityLog.events.focus');
  }

  async function blockAt({ document, position }: Place): Promise<DocumentBlock> {
    requireCode(code);
    const blocks = await code.blocks(document, never);
    const found = blocks.find(({ block }) => block.line <= position.line && position.line <= block.endLine);
    if (found) return found;
    throw new UserError(message('There is neither an id nor a block of Terraform code at the cursor.'));
  }

  return {
    showCodeActivity: async (args) => {
      const place = await placeOf(args);
      const found = idAt(place.document, place.position);
      if (found) {
        await session.setSubject({ resourceId: found.id });
        await commands.executeCommand('activityLog.events.focus');
        return;
      }
      const { block, resources } = await blockAt(place);
      await show({ name: blockName(block), groups: [groupOf(resources)] });
    },
    showFileActivity: async (args) => {
      requireCode(code);
      const { document } = await placeOf(args);
      const name = workspace.asRelativePath(document.uri);
      const file = keyOf(document.uri);
      const declared = (await code.blocks(document, never)).flatMap(({ resources }) => resources);
      const stored = (await code.resources(never)).filter(({ source }) => source.file === file);
      await show({ name, groups: [groupOf(managed([...declared, ...stored]))] });
    },
    showWorkspaceActivity: async () => {
      requireCode(code);
      await show({ name: l10n.t('this workspace'), groups: [groupOf(managed(await code.resources(never)))] });
    },
    showOutsideChanges: async (args) => {
      requireCode(code);
      const here = textArgument(args, 'uri') === undefined ? undefined : await blockAt(await placeOf(args));
      const name = l10n.t('changed outside Terraform (a guess)');
      const title = here ? `${blockName(here.block)} ${name}` : name;
      const ids = here && new Set(here.resources.map(({ ids }) => ids.join()));
      await show(await outsideChoice(title, code, times, (resource) => ids?.has(resource.ids.join()) ?? true));
    },
  };
}

/** Data sources name what others share: nearly every event would belong to them. */
function managed(resources: readonly StateResource[]): StateResource[] {
  return resources.filter(({ mode }) => mode === 'managed');
}

function requireCode(code: CodeIndex): void {
  const reason = code.unavailable();
  if (reason) throw new UserError(reason);
}

interface Place {
  readonly document: TextDocument;
  readonly position: Position;
}

/** The place that the argument names; else the cursor. */
async function placeOf(args: unknown): Promise<Place> {
  const editor = window.activeTextEditor;
  const named = args instanceof Uri ? undefined : textArgument(args, 'uri');
  const uri = args instanceof Uri ? args : named === undefined ? editor?.document.uri : Uri.parse(named, true);
  if (!uri) throw new UserError(message('Open a file first.'));
  const line = argument(args, 'line');
  if (line !== undefined && (typeof line !== 'number' || !Number.isSafeInteger(line) || line < 0)) {
    throw new UserError(message('"{0}" must be the number of a line, counted from 0.', 'line'));
  }
  const isActive = editor?.document.uri.toString() === uri.toString();
  const document = isActive ? editor.document : await workspace.openTextDocument(uri);
  if (line !== undefined) return { document, position: new Position(line, 0) };
  return { document, position: isActive ? editor.selection.active : new Position(0, 0) };
}
