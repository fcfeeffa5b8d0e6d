import type { ActionArgument, ActionId } from '../../src/protocol/panelActions';

/** What the host does for the page. */
export interface HostActions {
  /** Resolves with whether it was done; what went wrong is said. */
  run<Id extends ActionId>(id: Id, argument: ActionArgument<Id>): Promise<boolean>;
}
