import type { QuickPickItem, QuickPickOptions } from 'vscode';
import { errorText } from './translate';
import { showInputBox, showQuickPick } from './quickInput';
import { showMessage } from './showMessage';

/** Thrown when a person leaves a prompt: the command ends silently. */
export class Dismissed extends Error {
  override readonly name = 'AbortError';
}

/** Asks for a text. @throws Dismissed */
export async function askText(options: Parameters<typeof showInputBox>[0]): Promise<string> {
  const text = await showInputBox({ ignoreFocusOut: true, ...options });
  if (text === undefined) throw new Dismissed();
  return text;
}

/** Asks for one of `items`. @throws Dismissed */
export async function askChoice<T extends QuickPickItem>(
  items: readonly T[] | Promise<readonly T[]>,
  options: QuickPickOptions,
): Promise<T> {
  const item = await showQuickPick(items, { matchOnDescription: true, matchOnDetail: true, ...options });
  if (!item) throw new Dismissed();
  return item;
}

/** Asks for a yes to something that cannot be undone. @throws Dismissed */
export async function askConsent(question: string, yes: string, detail?: string): Promise<void> {
  const answer = await showMessage('warning', question, [yes], { detail });
  if (answer !== yes) throw new Dismissed();
}

/** What is wrong, in the words of the error that `check` throws. */
export function problem(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
