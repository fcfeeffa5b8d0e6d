import { commands, env, l10n } from 'vscode';
import { isCancelled } from '../core/errors';
import type { EventPicker } from './commands/pickEvent';
import type { EventPanelPorts } from './eventPanel';
import type { PanelActions } from './panelHost';
import type { Session } from './session';
import { setting } from './settings';

/** What the buttons of the event panel start: the same commands that people and programs use. */
export function panelActions(session: Session, picker: EventPicker): PanelActions {
  const run = async (name: string, args: object): Promise<void> => {
    await commands.executeCommand(`activityLog.${name}`, args);
  };
  return {
    openEvent: (eventId) => run('openEvent', { eventId }),
    openBody: (eventId, part) => run('openBody', { eventId, part }),
    compareEvents: (left, right, part) => run('compareEvents', { left, right, part }),
    pickEvent: async () => {
      try {
        return (await picker.pick(l10n.t('Compare with…'))).key;
      } catch (error) {
        if (isCancelled(error)) return undefined;
        throw error;
      }
    },
    goToUri: (eventId, target) => run('goToUri', { eventId, target }),
    showResourceHistory: (resourceId) => session.setResource(resourceId),
    copy: async (text) => env.clipboard.writeText(text),
  };
}

/** The events of the active connection, for the panel. */
export function panelEvents(session: Session): EventPanelPorts['events'] {
  return {
    connection: () => session.connection?.id,
    history: () => session.history,
    zone: () => setting('timeZone'),
    redact: () => setting('redactSecrets'),
    onDidChange: session.onDidChange,
  };
}
