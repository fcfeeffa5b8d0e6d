import { l10n } from 'vscode';
import { UserError } from '../core/errors';
import { format, type Message } from '../core/message';

/** The message in the language of the editor. */
export function translate(text: Message): string {
  return format(text, l10n.bundle);
}

/** What an error says to a person, in the language of the editor. */
export function errorText(error: unknown): string {
  if (error instanceof UserError) return translate(error.text);
  return error instanceof Error ? error.message : String(error);
}
