import path from 'node:path';
import { commands, env, l10n, Uri, window, workspace } from 'vscode';
import { fieldText, type ActivityEvent } from '../../core/event/event';
import { readTime } from '../../core/time/time';
import type { History, View } from '../../history/history';
import type { ExportFormat, ExportOptions, Format } from '../../export';
import { abortSignal } from '../ui/abortSignal';
import { linkTo } from './eventLinks';
import type { Session } from '../session/session';
import { setting } from '../ui/settings';
import { translate } from '../ui/translate';
import { countText } from '../ui/countText';
import { showMessage } from '../ui/showMessage';
import { showProgress } from '../ui/showProgress';
import { visibleText } from '../session/visibleTo';
import { choiceArgument, flagArgument, textArgument } from '../ui/arguments';
import { askChoice, Dismissed } from '../ui/prompts';
import { isInteractive, type CommandTable } from '../ui/register';

/** The export room, loaded when it is first needed. */
interface Exporting {
  readonly formats: Readonly<Record<ExportFormat, Format>>;
  exportEvents(
    format: ExportFormat,
    path: string,
    batches: AsyncIterable<readonly ActivityEvent[]>,
    options: ExportOptions,
    signal: AbortSignal,
  ): Promise<{ path: string; events: number }>;
}

const batchSize = 500;

/** The command that writes the current view to a file. */
export function exportCommand(session: Session, load: () => Promise<Exporting>): CommandTable {
  return {
    export: async (args) => {
      const history = await session.requireHistory();
      const { exportEvents, formats } = await load();
      const names = Object.keys(formats) as ExportFormat[];
      const format = choiceArgument(args, 'format', names) ?? (await askFormat(names, formats));
      const target = textArgument(args, 'path') ?? (await askPath(session, formats[format]));
      const redact = flagArgument(args, 'redact') ?? setting('redactSecrets');
      const { connection } = session;
      const link = (event: ActivityEvent): string | undefined => {
        const eventId = fieldText(event, 'event_id');
        return eventId === '' ? undefined : linkTo(eventId, readTime(fieldText(event, 'timestamp')), connection);
      };
      const options = { formulaGuard: setting('export.csvFormulaGuard'), link, note: visibleText(session) };
      const title = l10n.t('Exporting to {0}', path.basename(target));
      const result = await showProgress(title, (token, say) => {
        const signal = abortSignal(token);
        const report = (events: number): void => say(l10n.t('{0} events', countText(events)));
        const batches = readBatches(history, session.view, redact, report, signal);
        return exportEvents(format, path.resolve(target), batches, options, signal);
      });
      if (isInteractive(args)) void offerToOpen(result.path, result.events, session);
      return result;
    },
  };
}

async function* readBatches(
  history: History,
  view: View,
  redact: boolean,
  report: (events: number) => void,
  signal: AbortSignal,
): AsyncGenerator<readonly ActivityEvent[]> {
  let after: string | undefined;
  let events = 0;
  do {
    const page = await history.records({ view, after, limit: batchSize }, { redact }, signal);
    yield page.items;
    events += page.items.length;
    report(events);
    after = page.next;
  } while (after !== undefined);
}

async function askFormat(names: readonly ExportFormat[], formats: Exporting['formats']): Promise<ExportFormat> {
  const items = names.map((name) => ({
    label: translate(formats[name].label),
    description: `.${formats[name].extension}`,
    name,
  }));
  return (await askChoice(items, { title: l10n.t('Export the current view as') })).name;
}

async function askPath(session: Session, format: Format): Promise<string> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const name = `activity-log-${session.connection?.name ?? ''}`.replace(/[^\p{L}\p{N}.-]+/gu, '-');
  const file = `${name}.${format.extension}`;
  const uri = await window.showSaveDialog({
    title: l10n.t('Export the current view'),
    filters: { [translate(format.label)]: [format.extension] },
    ...(folder && { defaultUri: Uri.joinPath(folder, file) }),
  });
  if (!uri) throw new Dismissed();
  return uri.fsPath;
}

/** Says what was written and, while parts are missing, that it is only what is loaded. */
async function offerToOpen(file: string, events: number, session: Session): Promise<void> {
  const name = path.basename(file);
  const text = session.complete
    ? l10n.t('{0} events written to {1}.', countText(events), name)
    : l10n.t('{0} events written to {1}: what is loaded. The time range is not complete yet.', countText(events), name);
  const open = l10n.t('Open');
  if ((await showMessage('information', text, [open])) === open) {
    if (/\.xlsx?$/i.test(file)) await env.openExternal(Uri.file(file));
    else await commands.executeCommand('vscode.open', Uri.file(file));
  }
}
