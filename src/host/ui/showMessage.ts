import { window } from 'vscode';
import { inertText } from '../../core/base/inertText';

const shows = {
  information: window.showInformationMessage,
  warning: window.showWarningMessage,
  error: window.showErrorMessage,
} as const;

/**
 * Tells a person something and gives back the button that was pressed. No text becomes a link, whoever wrote it; the names of `buttons`
 * are our own. With `modal` it is a dialog, with a text below the first.
 */
export async function showMessage(
  severity: keyof typeof shows,
  text: string,
  buttons: readonly string[] = [],
  modal?: { readonly detail?: string | undefined },
): Promise<string | undefined> {
  const options = modal ? { modal: true, ...(modal.detail && { detail: inertText(modal.detail) }) } : {};
  return shows[severity](inertText(text), options, ...buttons);
}
