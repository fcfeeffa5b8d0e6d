import type { Memento } from 'vscode';
import { findClouds } from './findClouds';
import type { Choices } from '../host/session/choices';
import { lastApply, StateTimes } from '../host/code/stateTimes';
import type { CodeIndex } from '../host/code/codeIndex';
import { codeCommands } from '../host/commands/codeCommands';
import { compareLiveCommands } from '../host/commands/compareLive';
import { connectionCommands } from '../host/signIn/connectionCommands';
import { copyCommands } from '../host/commands/copyCommands';
import { eventCommands } from '../host/commands/eventCommands';
import { exportCommand } from '../host/commands/exportCommand';
import { jumpCommands } from '../host/commands/goToUri';
import { importCommand } from '../host/signIn/importCommand';
import { panelCommands } from '../host/commands/panelCommands';
import type { EventPicker } from '../host/commands/pickEvent';
import type { AllCommands } from '../host/ui/register';
import { testCommand } from '../host/commands/testCommand';
import { viewCommands } from '../host/commands/viewCommands';
import { signInCommands } from '../host/signIn/signInCommands';
import type { Connection, Connections } from '../host/connections/connections';
import type { Documents } from '../host/documents/documents';
import type { EventPanels } from '../host/panel/eventPanels';
import type { OutputLog } from '../host/ui/outputLog';
import type { Renewal } from '../host/connections/renewal';
import type { KeystonePort } from '../host/connections/keystonePort';
import type { Session } from '../host/session/session';
import type { Tokens } from '../host/connections/tokens';
import type { EventTree } from '../host/tree/eventTree';
import { forgetTree } from '../host/tree/treeMemory';
import { checkToken, findTrouble, forgetHistory, getLiveResource, storedBytes } from './openConnection';

/** The parts that commands work with. */
interface Parts {
  readonly session: Session;
  readonly connections: Connections;
  readonly choices: Choices;
  readonly tokens: Tokens;
  readonly keystone: KeystonePort;
  readonly renewal: Renewal;
  readonly tree: EventTree;
  readonly picker: EventPicker;
  readonly documents: Documents;
  readonly panels: EventPanels;
  readonly code: CodeIndex;
  readonly log: OutputLog;
  readonly memento: Memento;
  /** Where histories are kept. */
  readonly storage: string;
  /** The bundled worker that reads files with credentials. */
  readonly importerPath: string;
}

/** All commands of the extension. */
export function createCommands(parts: Parts): AllCommands {
  const {
    session,
    connections,
    choices,
    keystone,
    tokens,
    tree,
    picker,
    documents,
    panels,
    code,
    log,
    memento,
    storage,
    importerPath,
  } = parts;
  const connecting = {
    connections,
    tokens,
    session,
    log,
    keystone,
    renewal: parts.renewal,
    checkToken,
    findClouds: (file: string | undefined, signal: AbortSignal) => findClouds(file, importerPath, signal),
    storedBytes: (connection: Connection) => storedBytes(connection, storage),
    forget: async (connection: Connection) => {
      await choices.forget(connection);
      await forgetTree(memento, connection);
      await forgetHistory(connection, storage);
    },
  };
  const times = new StateTimes(memento);
  return {
    ...connectionCommands(connecting),
    ...signInCommands(connecting),
    ...importCommand(connecting),
    ...viewCommands(session, tree, () => lastApply(code, times)),
    ...eventCommands(session, picker, documents, (left, right) => panels.compare(left, right)),
    ...copyCommands(session, picker),
    ...compareLiveCommands(documents),
    ...codeCommands(session, code, times),
    ...panelCommands(panels, picker),
    ...jumpCommands({
      session,
      picker,
      documents,
      code,
      keepServiceUrl: ({ id }, component, url) => {
        const serviceUrls = { ...connections.withId(id)?.serviceUrls, [component]: url };
        return connections.change(id, { serviceUrls });
      },
      getResource: (connection, url, signal) => getLiveResource(connection, url, parts, signal),
    }),
    ...exportCommand(session, () => import('../export')),
    ...testCommand({
      session,
      connections,
      documents,
      test: (connection, signal) => findTrouble(connection, parts, signal),
    }),
    showLog: () => log.show(),
  };
}
