import { commands, Disposable, env, l10n, ProgressLocation } from 'vscode';
import { isCancelled } from '../core/base/errors';
import type { CodeIndex } from '../host/code/codeIndex';
import type { EventPicker } from '../host/commands/pickEvent';
import type { KnownResources } from '../host/code/knownResources';
import type { EventPanelPorts } from '../host/panel/eventPanels';
import type { PanelActions } from '../host/panel/panelHost';
import type { Session } from '../host/session/session';
import { setting } from '../host/ui/settings';
import { showCode } from '../host/code/showCode';
import { showProgress } from '../host/ui/showProgress';

/** What the buttons of the event panel start: the same commands that people and programs use. */
export function panelActions(session: Session, picker: EventPicker, code: CodeIndex): PanelActions {
  const run = async (name: string, args: object): Promise<void> => {
    await commands.executeCommand(`activityLog.${name}`, args);
  };
  return {
    openBody: (eventId, part) => run('openBody', { eventId, part }),
    compareEvents: (left, right, part) => run('compareEvents', { left, right, part }),
    pickEvent: async (key) => {
      try {
        return (await picker.pick(l10n.t('Compare with…'), { key, name: l10n.t('Events of the same resource') })).key;
      } catch (error) {
        if (isCancelled(error)) return undefined;
        throw error;
      }
    },
    goToUri: (eventId, target) => run('goToUri', { eventId, target }),
    showResourceHistory: (resourceId) => session.setSubject({ resourceId }),
    showCode: async (id) => {
      const title = l10n.t('Looking for the code of {0}…', id);
      await showProgress(title, (token) => showCode(id, code, true, token), ProgressLocation.Window);
    },
    findEvents: (text) => session.setFilter(JSON.stringify(text)),
    copyAsCurl: (eventId) => run('copyCurl', { eventId }),
    copyAsMarkdown: (eventId) => run('copyMarkdown', { eventId }),
    copyLink: (eventId) => run('copyLink', { eventId }),
    copy: async (text) => env.clipboard.writeText(text),
  };
}

/** The events of the active connection, for the panel. */
export function panelEvents(session: Session, known: KnownResources): EventPanelPorts['events'] {
  return {
    connection: () => session.connection?.id,
    history: () => session.history,
    zone: () => setting('timeZone'),
    redact: () => setting('redactSecrets'),
    addresses: async (ids) => {
      await known.learn(ids);
      return ids.map((id) => known.of(id)?.address);
    },
    onDidChange: (listener) => Disposable.from(session.onDidChange(listener), known.onDidChange(listener)),
  };
}
