import path from 'node:path';
import { commands, l10n } from 'vscode';
import type { Log } from '../core/base/log';
import type { Connection, Connections } from '../host/connections/connections';
import { exclusively } from '../host/connections/exclusively';
import type { KeystonePort } from '../host/connections/keystonePort';
import { Renewal } from '../host/connections/renewal';
import type { Tokens } from '../host/connections/tokens';
import { showMessage } from '../host/ui/showMessage';

/** Renewal over the network, one at a time among all windows that share `folder`. */
export function createRenewal(
  connections: Connections,
  tokens: Tokens,
  keystone: KeystonePort,
  log: Log,
  folder: string,
): Renewal {
  const file = path.join(folder, 'renewal.lock');
  return new Renewal({
    tokens,
    log,
    keystone,
    connection: (id) => connections.withId(id),
    keepServices: ({ id }, catalog) => connections.change(id, { catalog }),
    onMoved: (connection, endpoints) => void tellMoved(connection, endpoints, log),
    exclusively: (work, signal) => exclusively(file, work, signal),
  });
}

/** Leaves it to a person whether the token may go to another endpoint. */
async function tellMoved({ address, name }: Connection, endpoints: readonly string[], log: Log): Promise<void> {
  log.warn(`Keystone now names ${endpoints.join(', ')} as the activity log; "${name}" stays with ${address}`);
  const change = l10n.t('Change Connection…');
  const chosen = await showMessage(
    'warning',
    l10n.t(
      'Keystone now names another endpoint for the activity log of "{0}": {1}. The connection stays with {2}, and the token goes nowhere else unless you change that.',
      name,
      endpoints.join(', '),
      address,
    ),
    [change],
  );
  if (chosen === change) await commands.executeCommand('activityLog.editConnection');
}
