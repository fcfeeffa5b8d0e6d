import { UserError } from '../base/errors';
import { message } from '../base/message';
import { visibleText } from '../base/visibleText';

/** Said in the place of an event that was there a moment ago. */
export const goneText = message('The event is not stored any more. Load the time range again.');

/** @throws UserError always: the event that was asked for is not there any more */
export function gone(): never {
  throw new UserError(goneText);
}

/** @throws UserError always: no event goes by the key that somebody named */
export function noSuchEvent(key: string): never {
  throw new UserError(
    message('There is no event "{0}" in the stored history. Load the time range it belongs to.', visibleText(key, 80)),
  );
}
