import { l10n } from 'vscode';
import { describeError, outwardError } from '../../core/redact/describeError';
import { format, type Message } from '../../core/base/message';
import { showMessage } from './showMessage';

/** The message in the language of the editor. */
export function translate(text: Message): string {
  return format(text, l10n.bundle);
}

/** What an error says to a person, in the language of the editor. */
export function errorText(error: unknown): string {
  return describeError(error, translate);
}

/** The error as callers get it, in the language of the editor. */
export function toOutward(error: unknown): Error {
  return outwardError(error, translate);
}

/** Tells a person something that did not stop the work. */
export function warn(notice: Message): void {
  void showMessage('warning', translate(notice));
}
