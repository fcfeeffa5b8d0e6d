import { UserError } from '../../core/base/errors';
import type { EventLink } from '../../core/format/eventLink';
import { message, type Message } from '../../core/base/message';
import { inclusiveRange, type Range } from '../../core/time/range';
import { visibleText } from '../../core/base/visibleText';

/** What following a link needs of the world. */
export interface LinkPorts {
  /** Whether there is a connection of this name. */
  isKnown(connection: string): boolean;
  /** The name of the active connection. */
  active(): Promise<string | undefined>;
  /** Whether the active connection has the event stored. */
  isStored(eventId: string): Promise<boolean>;
  /** Asks for a yes. @throws when the answer is no */
  confirm(question: Message, detail: Message, yes: Message): Promise<void>;
  switchTo(connection: string): Promise<void>;
  /** The chosen times of the active connection. */
  range(): Range;
  setRange(range: Range): Promise<void>;
  /** Loads the chosen times. @throws when parts stay missing */
  load(): Promise<void>;
  show(eventId: string): Promise<void>;
  /** A moment in words. */
  timeText(time: number): string;
}

/** Loaded before and after the event, so that it is not seen alone. */
const around = 30 * 60_000;

/**
 * Opens the event of a link. Anyone can make links: without a yes, one that is followed neither leaves the active connection nor
 * causes a request; and it never leads to a connection that is not set up here.
 */
export async function followLink(link: EventLink, ports: LinkPorts): Promise<void> {
  const { eventId, at } = link;
  const name = visibleText(link.connection, 80);
  const when = at === undefined ? '–' : ports.timeText(at);
  const isActive = (await ports.active()) === link.connection;
  const isKnown = ports.isKnown(link.connection);
  const stored = async (): Promise<boolean> => ports.isStored(eventId);

  // Others may have given the same project another name.
  if ((isActive || !isKnown) && (await stored())) return ports.show(eventId);
  if (!isKnown) {
    throw new UserError(
      message(
        'The link leads to an event of the connection "{0}", which is not set up here. Set it up, or switch to the connection of that project and load the time {1}; then follow the link again.',
        name,
        when,
      ),
    );
  }
  if (!isActive) {
    await ports.confirm(
      message('Switch to the connection "{0}" and show an event?', name),
      message('You followed a link. The connection becomes the active one and loads what is missing.'),
      message('Switch'),
    );
    await ports.switchTo(link.connection);
    if (await stored()) return ports.show(eventId);
  } else {
    await ports.confirm(
      message('The event of the link is not stored. Load it from "{0}"?', name),
      isWithin(at, ports.range())
        ? message('You followed a link. What is missing of the chosen time range is loaded.')
        : message('You followed a link. The time range becomes the hour around {0}.', when),
      message('Load'),
    );
  }
  if (at !== undefined && !isWithin(at, ports.range())) await ports.setRange(inclusiveRange(at - around, at + around));
  const loaded = await ports.load().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (await stored()) return ports.show(eventId);
  if (loaded) throw loaded.error;
  throw new UserError(message('The connection "{0}" has no event "{1}" at that time.', name, visibleText(eventId, 80)));
}

/** Whether the times hold the moment; one that is not known is looked for there. */
function isWithin(at: number | undefined, { from, to }: Range): boolean {
  return at === undefined || (at >= from && at < to);
}
