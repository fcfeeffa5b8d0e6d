import type { Message } from '../../core/base/message';
import { visibilityOf, visibilityText, type Visibility } from '../../core/openstack/visibility';
import type { Session } from './session';

type Shown = Pick<Session, 'connection' | 'requester'>;

/** How much of the log what is shown can be at most. A saved log and the sample are all that they hold. */
export function visibleTo({ connection, requester }: Shown): Visibility {
  return connection && connection.kind !== 'http' ? 'all' : visibilityOf(requester);
}

/** The same in words; undefined where there is nothing to say. */
export function visibleText({ connection, requester }: Shown): Message | undefined {
  return connection?.kind === 'http' ? visibilityText(requester) : undefined;
}
