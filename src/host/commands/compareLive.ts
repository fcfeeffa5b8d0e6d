import { CodeLens, commands, l10n, languages, Range, Uri, window, type Disposable } from 'vscode';
import type { BodyPart } from '../../core/event/body';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { visibleText } from '../../core/base/visibleText';
import { answerSelector, type Documents } from '../documents/documents';
import { timeText } from '../ui/timeText';
import type { CommandTable } from '../ui/register';

/** Compares a resource as it is now, shown in the active document or that of the argument, with its event. */
export function compareLiveCommands(documents: Documents): CommandTable {
  async function compare(args: unknown, part: BodyPart): Promise<void> {
    const shown = args instanceof Uri ? args : window.activeTextEditor?.document.uri;
    if (!shown) throw new UserError(message('Show a resource as it is now first.'));
    const { event, left, right } = await documents.comparison(shown, part);
    const before = `${visibleText(event.action, 60)} ${timeText(event)}`;
    const title = part === 'request' ? l10n.t('{0} (sent) ↔ now', before) : l10n.t('{0} (received) ↔ now', before);
    await commands.executeCommand('vscode.diff', left, right, title, { preview: true });
  }
  return {
    compareLiveWithRequest: (args) => compare(args, 'request'),
    compareLiveWithResponse: (args) => compare(args, 'response'),
  };
}

/** Offers the comparisons above a resource as it is now. */
export function offerComparisons(): Disposable {
  return languages.registerCodeLensProvider(answerSelector, {
    provideCodeLenses: ({ uri }) =>
      uri.query !== ''
        ? []
        : [
            offer(l10n.t('Compare with what the event sent'), 'activityLog.compareLiveWithRequest', uri),
            offer(l10n.t('Compare with what it got'), 'activityLog.compareLiveWithResponse', uri),
          ],
  });
}

function offer(title: string, command: string, uri: Uri): CodeLens {
  return new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [uri] });
}
