import type { RequestFailure } from '../../core/base/errors';
import { message, type Message } from '../../core/base/message';
import type { Visibility } from '../../core/openstack/visibility';

/** The one cause of an empty view, or `ready` when there is something to see or still to come. */
export type ViewState =
  | 'notSetUp'
  | 'noToken'
  | 'tokenExpired'
  | 'forbidden'
  | 'wrongEndpoint'
  | 'offline'
  | 'failed'
  | 'nothingInRange'
  | 'filterHidesAll'
  | 'cleared'
  | 'ready';

/** What is known about the active connection and its last load. */
export interface Situation {
  /** A connection is being opened: nothing is known of it yet. */
  readonly opening: boolean;
  readonly connected: boolean;
  /** Whether requests need a token and there is none. */
  readonly tokenMissing: boolean;
  readonly loading: boolean;
  /** The server refused the token and the load waits for another. */
  readonly waitingForToken: boolean;
  /** Whether the range was loaded, with or without gaps, since it was chosen, or is complete as it is stored. */
  readonly loaded: boolean;
  readonly cleared: boolean;
  /** Why the last load did not bring all. */
  readonly failures: readonly { readonly failure: RequestFailure | undefined; readonly reason: Message }[];
  /** What of the range is not there, newest first: from when to when, of which component ('' = all), and why. */
  readonly missing: readonly { readonly times: string; readonly stream: string; readonly reason: Message }[];
  /** Events in the range that the filter lets through. */
  readonly shown: number;
  readonly filtered: boolean;
  /** The code whose resources are to be looked up before there can be events of them. */
  readonly lookingUp: string | undefined;
  /** Older events are still to be searched. */
  readonly searching: boolean;
  /** How much of the log the user may see. */
  readonly visibility: Visibility;
  /** Records that could not be read. */
  readonly unreadable: number;
  /** New events of the running load. */
  readonly received: number;
  /** Formats a number for people. */
  readonly count: (value: number) => string;
}

/** The empty state that applies; `ready` where rows are shown or a first page is on its way. */
export function viewState(situation: Situation): ViewState {
  const { failures, shown } = situation;
  if (situation.opening) return 'ready';
  if (!situation.connected) return 'notSetUp';
  if (shown > 0) return 'ready';
  if (situation.waitingForToken) return 'tokenExpired';
  if (situation.loading || situation.searching) return 'ready';
  if (situation.lookingUp !== undefined) return 'ready';
  if (situation.tokenMissing) return 'noToken';
  const [first] = failures;
  if (first) return stateOf(first.failure);
  if (situation.cleared) return 'cleared';
  if (!situation.loaded) return 'ready';
  return situation.filtered ? 'filterHidesAll' : 'nothingInRange';
}

/** What the view says of itself in one line; undefined when the rows say it all. */
export function viewMessage(situation: Situation): Message | undefined {
  const { count, filtered, loaded, missing, received, unreadable, shown } = situation;
  if (situation.opening || !situation.connected) return undefined;
  if (situation.waitingForToken) {
    return message('The server refused the token. All that was loaded stays; loading goes on with a new token.');
  }
  if (situation.lookingUp !== undefined) {
    return message('Looking for the resources of {0} in the files of the workspace…', situation.lookingUp);
  }
  if (situation.searching) return message('Searching… {0} events found so far', count(shown));
  if (situation.loading) {
    if (received === 0) return message('Loading…');
    return filtered
      ? message('Loading… {0} events so far; {1}', count(received), loadedText(situation))
      : message('Loading… {0} events so far', count(received));
  }
  if (situation.tokenMissing && shown > 0 && missing.length > 0) {
    return message('No token: showing what was loaded before. Set a token to load what is new.');
  }
  const [newest] = missing;
  if (newest) {
    const { reason, stream, times } = newest;
    const where = stream === '' ? times : message('{0} of {1}', times, stream);
    return missing.length > 1
      ? message(
          'Incomplete: {0}. {1} parts are missing, the newest {2}: {3}',
          loadedText(situation),
          count(missing.length),
          where,
          reason,
        )
      : message('Incomplete: {0}. Missing {1}: {2}', loadedText(situation), where, reason);
  }
  if (loaded && unreadable === 1) {
    return message('Complete, but 1 record could not be read: the log of the extension lists it.');
  }
  if (loaded && unreadable > 0) {
    return message(
      'Complete, but {0} records could not be read: the log of the extension lists them.',
      count(unreadable),
    );
  }
  if (loaded && shown > 0) return completeText(situation);
  return undefined;
}

/** Nothing is more complete than what the user may see. */
function completeText({ count, shown, visibility }: Situation): Message {
  const one = shown === 1;
  if (visibility === 'all') return one ? message('Complete: 1 event') : message('Complete: {0} events', count(shown));
  if (visibility === 'partial') {
    return one
      ? message('Complete: 1 event; the roles of this user show a part of the log only')
      : message('Complete: {0} events; the roles of this user show a part of the log only', count(shown));
  }
  return one
    ? message('Complete: 1 event, as far as this user may see')
    : message('Complete: {0} events, as far as this user may see', count(shown));
}

/** Counts while parts are missing are counts of what is loaded. */
function loadedText({ count, filtered, shown }: Situation): Message {
  return filtered
    ? message('{0} of the loaded events match', count(shown))
    : message('{0} events loaded', count(shown));
}

function stateOf(failure: RequestFailure | undefined): ViewState {
  switch (failure) {
    case 'unauthorized':
      return 'tokenExpired';
    case 'forbidden':
      return 'forbidden';
    case 'notFound':
    case 'redirect':
      return 'wrongEndpoint';
    case 'network':
    case 'timeout':
      return 'offline';
    case 'badRequest':
    case 'rateLimited':
    case 'server':
    case 'tooLarge':
    case 'malformed':
    case undefined:
      return 'failed';
  }
}
