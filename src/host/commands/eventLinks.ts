import { commands, env, window, type Disposable } from 'vscode';
import { formatMoment } from '../../core/time/days';
import { isCancelled } from '../../core/base/errors';
import { readEventLink, writeEventLink } from '../../core/format/eventLink';
import type { EventSummary } from '../../core/event/event';
import type { Log } from '../../core/base/log';
import { askConsent } from '../ui/prompts';
import type { Connection, Connections } from '../connections/connections';
import type { EventPanels } from '../panel/eventPanels';
import { followLink, type LinkPorts } from '../documents/followLink';
import type { Session } from '../session/session';
import { setting } from '../ui/settings';
import { errorText, translate } from '../ui/translate';
import { showMessage } from '../ui/showMessage';

/** The address that opens an event of a connection in an editor like this one, where there can be one. */
export function linkTo(
  eventId: string,
  at: EventSummary['time'],
  connection: Connection | undefined,
): string | undefined {
  return writeEventLink({ eventId, connection: connection?.name ?? '', at }, env.uriScheme);
}

/** Takes the links to events that are opened anywhere on this machine. */
export function handleLinks(session: Session, connections: Connections, panels: EventPanels, log: Log): Disposable {
  const ports: LinkPorts = {
    isKnown: (name) => connections.named(name) !== undefined,
    active: async () => (await session.requireConnection().catch(() => undefined))?.name,
    isStored: async (eventId) => (await session.history?.summary(eventId)) !== undefined,
    confirm: (question, detail, yes) => askConsent(translate(question), translate(yes), translate(detail)),
    switchTo: async (name) => {
      await commands.executeCommand('activityLog.switchConnection', { name });
    },
    range: () => session.range,
    setRange: (range) => session.setRange(range),
    load: () => session.refresh(),
    show: (eventId) => panels.show(eventId),
    timeText: (time) => formatMoment(time, setting('timeZone')),
  };
  return window.registerUriHandler({
    async handleUri({ path, query }) {
      try {
        await followLink(readEventLink(path, query), ports);
      } catch (error) {
        if (isCancelled(error)) return;
        log.error('A link cannot be followed', error);
        void showMessage('error', errorText(error));
      }
    },
  });
}
