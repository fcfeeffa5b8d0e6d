import { commands, Disposable, l10n } from 'vscode';
import { isCancelled } from '../core/base/errors';
import type { EventPicker } from '../host/commands/pickEvent';
import type { KnownResources } from '../host/code/knownResources';
import type { EventPanelPorts } from '../host/panel/eventPanels';
import type { PanelActions } from '../host/panel/panelHost';
import type { Session } from '../host/session/session';
import { setting } from '../host/ui/settings';

/** What the page of an event starts: the same commands that people and programs use. */
export function panelActions(picker: EventPicker): PanelActions {
  return {
    run: async (id, argument) => {
      await commands.executeCommand(`activityLog.${id}`, argument);
    },
    pickEvent: async (key) => {
      try {
        return (await picker.pick(l10n.t('Compare with…'), { key, name: l10n.t('Events of the same resource') })).key;
      } catch (error) {
        if (isCancelled(error)) return undefined;
        throw error;
      }
    },
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
