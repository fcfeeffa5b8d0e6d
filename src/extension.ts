import path from 'node:path';
import { window, type ExtensionContext } from 'vscode';
import { askKeystone } from './app/askKeystone';
import { createCommands } from './app/createCommands';
import { createRenewal } from './app/createRenewal';
import { createSession, reopen } from './app/createSession';
import { createTokens } from './app/createTokens';
import { AutoRefresh } from './host/session/autoRefresh';
import { Choices } from './host/session/choices';
import { EditorFeatures } from './host/code/editorFeatures';
import { KnownResources } from './host/code/knownResources';
import { StateTimes } from './host/code/stateTimes';
import { CodeIndex } from './host/code/codeIndex';
import { offerComparisons } from './host/commands/compareLive';
import { EventPicker } from './host/commands/pickEvent';
import { registerCommands } from './host/ui/register';
import { Connections } from './host/connections/connections';
import { Documents } from './host/documents/documents';
import { handleLinks } from './host/commands/eventLinks';
import { EventPanels } from './host/panel/eventPanels';
import { OutputLog } from './host/ui/outputLog';
import { panelActions, panelEvents } from './app/panelPorts';
import { createPublicApi, type ActivityLogApi } from './host/status/publicApi';
import { StatusBar } from './host/status/statusBar';
import { StoredEvents } from './host/session/storedEvents';
import { warn } from './host/ui/translate';
import { EventTree } from './host/tree/eventTree';
import { UnseenFailures } from './host/tree/unseenFailures';
import { readNetwork } from './app/readNetwork';
import { openIndex } from './terraform/openIndex';

/** Builds the parts, hands each what it needs, and gives them to the editor to dispose of. */
export function activate(context: ExtensionContext): ActivityLogApi {
  const { workspaceState: memento, globalState } = context;
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    // Disposed of in this order: what works with others goes before them.
    context.subscriptions.unshift(part);
    return part;
  };
  const storage = path.join(context.globalStorageUri.fsPath, 'history');
  const workerPath = context.asAbsolutePath('dist/worker.js');
  const loadWorkerPath = context.asAbsolutePath('dist/loadWorker.js');
  const logWorkerPath = context.asAbsolutePath('dist/logWorker.js');
  const log = own(new OutputLog(window.createOutputChannel('VK Cloud Activity Log', { log: true })));
  const connections = own(new Connections(globalState, memento));
  const choices = new Choices(memento);
  const keystone = askKeystone(async () => ({ network: await readNetwork() }));
  const tokens = own(createTokens(context.secrets, keystone, log, warn));
  const renewal = own(createRenewal(connections, tokens, keystone, log, context.globalStorageUri.fsPath));
  const session = own(
    createSession(
      { choices, connections, keystone, log, renewal, tokens },
      { storage, workerPath, loadWorkerPath, logWorkerPath },
    ),
  );
  reopen(session, connections.active(), log);
  const indexerPath = context.asAbsolutePath('dist/terraformWorker.js');
  const code = own(new CodeIndex((reader) => openIndex(indexerPath, reader), log));
  const times = new StateTimes(memento);
  const known = own(new KnownResources(code, times, log));
  const tree = own(new EventTree(session, memento, known, log));
  const documents = own(new Documents(session));
  own(offerComparisons());
  const picker = new EventPicker(session, tree);
  own(new StatusBar(session, tokens, own(new StoredEvents(session, log))));
  const unseen = own(new UnseenFailures(session, tree, log));
  const panels = own(
    new EventPanels({
      extensionUri: context.extensionUri,
      events: panelEvents(session, known),
      actions: panelActions(picker),
      memento,
      userMemento: globalState,
      log,
    }),
  );
  own(panels.onDidShow((key) => unseen.see([key])));
  own(handleLinks(session, connections, panels, log));
  own(new EditorFeatures(session, code, times, log));
  own(new AutoRefresh(session, tree.view));
  const parts = { session, connections, choices, tokens, renewal, tree, picker, documents, panels, code, log };
  const importerPath = context.asAbsolutePath('dist/importWorker.js');
  own(registerCommands(createCommands({ ...parts, keystone, memento, storage, importerPath }), log));
  return createPublicApi(session);
}
