import { CancellationError, commands, Uri } from 'vscode';
import { isCancelled } from '../../core/base/errors';
import { disposeAll, type Disposable } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import type { ActionId } from '../../protocol/panelActions';
import { errorText, toOutward } from './translate';
import { showMessage } from './showMessage';
import { Dismissed } from './prompts';

/** A command: what it does with its one argument object (checked by itself: it comes from anywhere). */
type Command = (args: unknown) => unknown;

/** Commands by id, without the common prefix. */
export type CommandTable = Readonly<Record<string, Command>>;

/** All commands: nothing that the page of an event can start is missing. */
export type AllCommands = CommandTable & Readonly<Record<ActionId, Command>>;

/**
 * Registers a table of commands behind one wrapper: a prompt that is left ends the command silently; work that is
 * stopped rejects with a CancellationError; a failure is shown once where a person started the command without
 * arguments, and rejects where a program passed them.
 */
export function registerCommands(table: AllCommands, log: Log): Disposable {
  const registered = Object.entries(table).map(([name, run]) =>
    commands.registerCommand(`activityLog.${name}`, async (args?: unknown) => {
      try {
        return await run(args);
      } catch (error) {
        if (error instanceof Dismissed) return undefined;
        if (isCancelled(error)) throw new CancellationError(); // which VS Code does not show
        log.error(`${name} failed`, error);
        if (isInteractive(args) && run.length > 0) return void showMessage('error', errorText(error));
        throw toOutward(error);
      }
    }),
  );
  return { dispose: () => disposeAll(registered) };
}

/** Whether a person started the command: the palette passes nothing, a menu of the tree its row, one of an editor its file. */
export function isInteractive(args: unknown): boolean {
  return typeof args !== 'object' || args === null || 'kind' in args || args instanceof Uri;
}
