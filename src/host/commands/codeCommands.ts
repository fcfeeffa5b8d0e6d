import { commands, Position, Uri, window, workspace, type TextDocument } from 'vscode';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { idAt } from '../code/activityHover';
import { chooseCode, requireResources } from '../code/codeChoice';
import type { StateTimes } from '../code/stateTimes';
import { blocksIn, type CodeIndex } from '../code/codeIndex';
import type { CodeSubject } from '../session/choices';
import type { Session } from '../session/session';
import { argument, textArgument } from '../ui/arguments';
import type { CommandTable } from '../ui/register';

/** From code to the events of its resources. */
export function codeCommands(session: Session, code: CodeIndex, times: StateTimes): CommandTable {
  async function show(subject: CodeSubject): Promise<void> {
    const choice = await chooseCode(subject, code, times);
    await requireResources(choice, code);
    await session.setSubject({ code: choice });
    await commands.executeCommand('activityLog.events.focus');
  }

  async function blockAt({ document, position }: Place): Promise<CodeSubject> {
    const unavailable = code.unavailable();
    if (unavailable) throw new UserError(unavailable);
    const found = blocksIn(document).find(({ line, endLine }) => line <= position.line && position.line <= endLine);
    if (!found) throw new UserError(message('There is neither an id nor a block of Terraform code at the cursor.'));
    const { kind, type, name } = found;
    return { uri: document.uri.toString(), block: { kind, type, name } };
  }

  return {
    showCodeActivity: async (args) => {
      const place = await placeOf(args);
      const found = idAt(place.document, place.position);
      if (!found) return show(await blockAt(place));
      await session.setSubject({ resourceId: found.id });
      await commands.executeCommand('activityLog.events.focus');
    },
    showFileActivity: async (args) => {
      const { document } = await placeOf(args);
      await show({ uri: document.uri.toString() });
    },
    showWorkspaceActivity: () => show({}),
    showOutsideChanges: async (args) => {
      const here = textArgument(args, 'uri') === undefined ? {} : await blockAt(await placeOf(args));
      await show({ ...here, outside: true });
    },
  };
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
