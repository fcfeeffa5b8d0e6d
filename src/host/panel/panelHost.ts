import { fitBody } from '../../core/event/body';
import type { Zone } from '../../core/time/days';
import { UserError } from '../../core/base/errors';
import { gone } from '../../core/event/gone';
import { message } from '../../core/base/message';
import type { History, PanelAnswer, PanelQuestion, Shown } from '../../history/history';
import { bodyLimits, type PanelHost } from '../../protocol/panel';
import { readArgument, type ActionArgument, type ActionId } from '../../protocol/panelActions';

/** Where the panel's events come from, and how they are to be shown. */
export interface PanelEvents {
  /** The id of the active connection. */
  connection(): string | undefined;
  /** Undefined while it is being opened. */
  history(): History | undefined;
  zone(): Zone;
  redact(): boolean;
  /** The addresses that Terraform states of the workspace give to resources, as far as they are known by now. */
  addresses(ids: readonly string[]): Promise<readonly (string | undefined)[]>;
}

/** How they are to be shown now. */
function shownBy(events: PanelEvents): Shown {
  return { redact: events.redact(), zone: events.zone() };
}

/** What the panel starts elsewhere. A rejection is shown in the panel. */
export interface PanelActions {
  run<Id extends ActionId>(id: Id, argument: ActionArgument<Id>): Promise<void>;
  /** Lets the user choose an event to compare `key` with; undefined when dismissed. */
  pickEvent(key: string): Promise<string | undefined>;
}

/** All that the panel shows of an event at first; undefined where the history has no such event. */
export async function loadPanelEvent(
  history: History,
  question: Omit<PanelQuestion, 'shown'>,
  events: PanelEvents,
): Promise<PanelAnswer | undefined> {
  const answer = await history.panelEvent({ ...question, shown: shownBy(events) });
  const resourceId = answer?.event.resourceId;
  if (!answer || resourceId === undefined) return answer;
  const [address] = await events.addresses([resourceId]);
  return { ...answer, event: { ...answer.event, address } };
}

/** Answers the page. */
export function createPanelHost(
  events: PanelEvents,
  actions: PanelActions,
  page: Pick<PanelHost, 'ready' | 'remember' | 'rememberOptions' | 'openEvent' | 'walk' | 'go'>,
): PanelHost {
  return {
    ...page,
    body: async (key, part, pretty, whole) => {
      const redact = events.redact();
      const history = requireHistory(events);
      const options = { pretty, redact };
      const found = await (whole
        ? history.bodyUpTo(key, part, options, bodyLimits.longest)
        : history.bodyBeginning(key, part, options, bodyLimits));
      return fitBody(found ?? gone(), redact);
    },
    reveal: async (key, part, pretty, index) =>
      (await requireHistory(events).reveal(key, part, { pretty, redact: events.redact() }, index)) ?? gone(),
    compare: (key, baseline, part, signal) => {
      const question = { key, baseline, part, shown: shownBy(events), longest: bodyLimits.longest };
      return requireHistory(events).compare(question, signal);
    },
    pickBaseline: (key) => actions.pickEvent(key),
    timeline: (key, resourceId, signal) => requireHistory(events).timeline(key, resourceId, shownBy(events), signal),
    related: async (key, signal) => {
      const related = await requireHistory(events).related(key, shownBy(events), signal);
      const addresses = await events.addresses(related.resources.map(({ id }) => id));
      const resources = related.resources.map((resource, index) => ({ ...resource, address: addresses[index] }));
      return { ...related, resources };
    },
    run: (id, argument) => actions.run(id, readArgument(id, argument)),
  };
}

function requireHistory(events: PanelEvents): History {
  const history = events.history();
  if (!history) throw new UserError(message('The history of this connection is not open yet. Try again in a moment.'));
  return history;
}
