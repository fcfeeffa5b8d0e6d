import { window } from 'vscode';
import { inertText } from '../../core/base/inertText';

/** Says something in the status bar for ten seconds. No text becomes an icon, whoever wrote it. */
export function showHint(text: string): void {
  window.setStatusBarMessage(inertText(text), 10_000);
}
