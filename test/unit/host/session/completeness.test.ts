import assert from 'node:assert/strict';
import { format } from '../../../../src/core/base/message';
import { Completeness, isFailed } from '../../../../src/host/session/completeness';
import type { LoadState } from '../../../../src/host/session/loading';

const range = { from: 0, to: 100 };
const atRest = {
  running: false,
  background: false,
  waitingForToken: false,
  finished: true,
  cleared: false,
  done: undefined,
  received: 0,
  unreadable: 0,
  gaps: [],
} as const satisfies LoadState;
const done = { range, streams: [''], requester: 'ann', gaps: [] };

describe('completeness', () => {
  const reasons = (completeness: Completeness, load: LoadState, requester: string): string[] =>
    completeness.missing(range, load, requester, false).map(({ reason }) => format(reason));

  it('is not complete for one user through the load of another', () => {
    const completeness = new Completeness();
    completeness.know({ requester: 'ann', streams: [{ stream: '', covered: [], byAnyone: [] }] });
    const load = { ...atRest, done };
    assert.deepEqual(reasons(completeness, load, 'ann'), []);
    assert.deepEqual(reasons(completeness, load, 'bob'), ['It is not loaded yet.']);
    assert.deepEqual(reasons(completeness, { ...load, running: true }, 'bob'), ['It is being loaded.']);
  });

  it('does not take what is known of one user for what another one has', () => {
    const completeness = new Completeness();
    completeness.know({ requester: 'ann', streams: [{ stream: '', covered: [range], byAnyone: [range] }] });
    assert.deepEqual(reasons(completeness, atRest, 'ann'), []);
    assert.equal(reasons(completeness, atRest, 'bob').length, 1);
  });

  it('says what others have loaded, which is no failure', () => {
    const completeness = new Completeness();
    const half = { from: 0, to: 50 };
    completeness.know({ requester: 'bob', streams: [{ stream: '', covered: [], byAnyone: [half] }] });
    assert.deepEqual(reasons(completeness, atRest, 'bob'), [
      'It is not loaded yet.',
      'It was loaded as another user sees it, and not yet as this one does.',
    ]);
    assert.deepEqual(completeness.missing(range, atRest, 'bob', false).filter(isFailed), []);
  });
});
