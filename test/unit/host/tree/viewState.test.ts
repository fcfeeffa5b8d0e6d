import assert from 'node:assert/strict';
import type { RequestFailure } from '../../../../src/core/base/errors';
import { format, message } from '../../../../src/core/base/message';
import { viewMessage, viewState, type Situation, type ViewState } from '../../../../src/host/tree/viewState';

const loaded: Situation = {
  opening: false,
  connected: true,
  tokenMissing: false,
  loading: false,
  waitingForToken: false,
  loaded: true,
  cleared: false,
  failures: [],
  missing: [],
  shown: 0,
  filtered: false,
  lookingUp: undefined,
  searching: false,
  unreadable: 0,
  received: 0,
  visibility: 'all',
  count: (value) => value.toLocaleString('en'),
};

const failed = (failure: RequestFailure | undefined): Partial<Situation> => ({
  failures: [{ failure, reason: message('503 from {0}', 'the server') }],
});

const lacks = (...streams: readonly string[]): Partial<Situation> => ({
  missing: streams.map((stream) => ({ times: '10:00 – 11:00', stream, reason: message('503 from {0}', 'the server') })),
});

describe('viewState', () => {
  const table: readonly (readonly [string, Partial<Situation>, ViewState])[] = [
    ['nothing set up', { connected: false }, 'notSetUp'],
    ['a connection is being opened', { connected: false, opening: true }, 'ready'],
    ['no token', { tokenMissing: true, loaded: false }, 'noToken'],
    ['signed out while loading', { tokenMissing: true, ...failed(undefined) }, 'noToken'],
    ['token refused', { waitingForToken: true, loading: true }, 'tokenExpired'],
    ['401 for good', failed('unauthorized'), 'tokenExpired'],
    ['403', failed('forbidden'), 'forbidden'],
    ['404', failed('notFound'), 'wrongEndpoint'],
    ['redirect', failed('redirect'), 'wrongEndpoint'],
    ['no network', failed('network'), 'offline'],
    ['no answer', failed('timeout'), 'offline'],
    ['500', failed('server'), 'failed'],
    ['a gap without a request', failed(undefined), 'failed'],
    ['empty range', {}, 'nothingInRange'],
    ['filter hides all', { filtered: true }, 'filterHidesAll'],
    ['still searching', { filtered: true, searching: true }, 'ready'],
    ['history deleted', { cleared: true, loaded: false }, 'cleared'],
    ['not loaded yet', { loaded: false }, 'ready'],
    ['first page on its way', { loading: true, loaded: false }, 'ready'],
    ['first page on its way after a failure', { loading: true, ...failed('server') }, 'ready'],
    ['rows and a failure', { shown: 3, ...failed('server') }, 'ready'],
    ['rows and no token', { shown: 3, tokenMissing: true }, 'ready'],
  ];
  for (const [name, part, state] of table) {
    it(`${name}: ${state}`, () => assert.equal(viewState({ ...loaded, ...part }), state));
  }
});

describe('viewMessage', () => {
  const table: readonly (readonly [Partial<Situation>, string | undefined])[] = [
    [{ connected: false }, undefined],
    [{ loading: true }, 'Loading…'],
    [{ loading: true, received: 3000 }, 'Loading… 3,000 events so far'],
    [{ shown: 1234 }, 'Complete: 1,234 events'],
    [{ shown: 1234, visibility: 'unknown' }, 'Complete: 1,234 events, as far as this user may see'],
    [{ shown: 1, visibility: 'partial' }, 'Complete: 1 event; the roles of this user show a part of the log only'],
    [{ loading: true, received: 3000, shown: 12 }, 'Loading… 3,000 events so far'],
    [
      { searching: true, loading: true, received: 3000, shown: 12, filtered: true },
      'Searching… 12 events found so far',
    ],
    [
      { loading: true, received: 3000, shown: 12, filtered: true },
      'Loading… 3,000 events so far; 12 of the loaded events match',
    ],
    [{ shown: 1234, ...lacks('') }, 'Incomplete: 1,234 events loaded. Missing 10:00 – 11:00: 503 from the server'],
    [
      { shown: 12, filtered: true, ...lacks('nova') },
      'Incomplete: 12 of the loaded events match. Missing 10:00 – 11:00 of nova: 503 from the server',
    ],
    [
      { shown: 12, ...lacks('nova', 'glance') },
      'Incomplete: 12 events loaded. 2 parts are missing, the newest 10:00 – 11:00 of nova: 503 from the server',
    ],
    [{ shown: 5, tokenMissing: true }, 'Complete: 5 events'],
    [{ shown: 5, unreadable: 2 }, 'Complete, but 2 records could not be read: the log of the extension lists them.'],
    [
      { shown: 5, tokenMissing: true, loaded: false, ...lacks('') },
      'No token: showing what was loaded before. Set a token to load what is new.',
    ],
  ];
  for (const [part, text] of table) {
    it(String(text), () => {
      const said = viewMessage({ ...loaded, ...part });
      assert.equal(said && format(said), text);
    });
  }
});
