import path from 'node:path';
import { window, type ExtensionContext } from 'vscode';
import type { Message } from './core/message';
import { askForToken } from './host/askForToken';
import { AutoRefresh } from './host/autoRefresh';
import { connectionCommands } from './host/commands/connectionCommands';
import { copyCommands } from './host/commands/copyCommands';
import { eventCommands } from './host/commands/eventCommands';
import { exportCommand } from './host/commands/exportCommand';
import { jumpCommands } from './host/commands/goToUri';
import { EventPicker } from './host/commands/pickEvent';
import { registerCommands } from './host/commands/register';
import { panelCommands } from './host/commands/panelCommands';
import { viewCommands } from './host/commands/viewCommands';
import { Choices } from './host/choices';
import { Connections } from './host/connections';
import { Documents } from './host/documents';
import { EventPanels } from './host/eventPanels';
import { createPublicApi, type ActivityLogApi } from './host/publicApi';
import { OutputLog } from './host/outputLog';
import { panelActions, panelEvents } from './host/panelPorts';
import { Session } from './host/session';
import { StatusBar } from './host/statusBar';
import { StoredEvents } from './host/storedEvents';
import { Tokens } from './host/tokens';
import { errorText, translate } from './host/translate';
import { EventTree } from './host/tree/eventTree';
import { forgetTree } from './host/tree/treeMemory';
import { UnseenFailures } from './host/unseenFailures';
import { checkToken, forgetHistory, getLiveResource, openConnection, storedBytes } from './openConnection';

/** Builds the parts, hands each what it needs, and gives them to the editor to dispose of. */
export function activate(context: ExtensionContext): ActivityLogApi {
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    // Disposed of in this order: what works with others goes before them.
    context.subscriptions.unshift(part);
    return part;
  };
  const storage = path.join(context.globalStorageUri.fsPath, 'history');
  const workerPath = context.asAbsolutePath('dist/worker.js');
  const log = own(new OutputLog());
  const say = (notice: Message): void => void window.showWarningMessage(translate(notice));
  const loadAgain = (): void => {
    session
      .stopLoading()
      .then(() => session.recount())
      .then(() => session.refreshQuietly())
      .catch((error: unknown) => log.error('What a damaged history lost cannot be loaded again', error));
  };
  const connections = own(new Connections(context.globalState, context.workspaceState));
  const choices = new Choices(context.workspaceState);
  const tokens = own(new Tokens(context.secrets, log));
  const session = own(
    new Session(
      {
        open: (connection, kept, waitForToken) =>
          openConnection(connection, kept, waitForToken, { tokens, log, say, loadAgain, storage, workerPath }),
        tokenMissing: (connection) => connection.kind === 'http' && tokens.current(connection) === undefined,
        askForToken: (connection, signal) => askForToken(connection, tokens, signal),
      },
      choices,
      log,
    ),
  );
  // The connection that was active last: first what is stored of it, then what is new.
  const opening = session.open(connections.active());
  const tree = own(new EventTree(session, context.workspaceState, log));
  const documents = own(new Documents(session));
  const picker = new EventPicker(session, tree);
  own(new StatusBar(session, tokens, own(new StoredEvents(session, log))));
  const unseen = own(new UnseenFailures(session, tree, log));
  const panels = own(
    new EventPanels({
      extensionUri: context.extensionUri,
      events: panelEvents(session),
      actions: panelActions(session, picker),
      memento: context.workspaceState,
      userMemento: context.globalState,
      log,
    }),
  );
  own(
    registerCommands(
      {
        ...connectionCommands({
          connections,
          tokens,
          session,
          checkToken,
          storedBytes: (connection) => storedBytes(connection, storage),
          forget: async (connection) => {
            await choices.forget(connection);
            await forgetTree(context.workspaceState, connection);
            await forgetHistory(connection, storage);
          },
        }),
        ...viewCommands(session, tree),
        ...eventCommands(session, picker, documents, (left, right) => panels.compare(left, right)),
        ...copyCommands(session, picker),
        ...panelCommands(panels, picker),
        ...jumpCommands({
          session,
          picker,
          documents,
          getResource: (connection, url, signal) => getLiveResource(url, tokens.current(connection) ?? '', signal),
        }),
        ...exportCommand(session, () => import('./export')),
        showLog: () => log.show(),
      },
      log,
    ),
  );
  own(panels.onDidShow((key) => unseen.see([key])));
  own(new AutoRefresh(session, tree.view));
  opening
    .then(() => session.refreshQuietly())
    .catch((error: unknown) => {
      log.error('The last connection cannot be opened', error);
      void window.showErrorMessage(errorText(error));
    });
  return createPublicApi(session);
}
