import assert from 'node:assert/strict';
import { readMemory, readOptions, type PanelState } from '../../../../src/protocol/panel';
import {
  createState,
  reduce,
  toMemory,
  type Answer,
  type PageAction,
  type PageState,
} from '../../../../webview/model/state';
import { neighbour, panelEvent } from './panelEvent';

function panel(key: string, change: Partial<PanelState> = {}, previous?: string): PanelState {
  const event = panelEvent(key, { previous: previous === undefined ? undefined : neighbour(previous) });
  return {
    version: 1,
    connection: 'c',
    key,
    event,
    notice: undefined,
    show: undefined,
    ...change,
  };
}

function run(...actions: PageAction[]): PageState {
  return actions.reduce(reduce, createState());
}

const body: Answer = { status: 'body', body: { kind: 'empty', text: '', secrets: [] } };
const open: PageAction = { type: 'panel', panel: panel('a', {}, 'z') };

function answered(state: PageState): PageState {
  assert.ok(state.want);
  return reduce(state, { type: 'answer', want: state.want, answer: body });
}

describe('the state of the page', () => {
  it('asks for nothing before it has an event', () => {
    assert.equal(run({ type: 'tab', tab: 'raw' }).want, undefined);
    assert.equal(run({ type: 'panel', panel: panel('a', { event: undefined }) }).want, undefined);
  });

  for (const [tab, want] of [
    ['request', { type: 'body', key: 'a', part: 'request', pretty: true }],
    ['response', { type: 'body', key: 'a', part: 'response', pretty: true }],
    ['raw', { type: 'body', key: 'a', part: 'event', pretty: true }],
    [
      'changes',
      { type: 'comparison', key: 'a', baseline: { type: 'previous' }, previous: 'z', part: undefined, match: true },
    ],
  ] as const) {
    it(`asks for what the tab ${tab} shows`, () => {
      const state = run(open, { type: 'tab', tab });
      assert.deepEqual(state.want, want);
      assert.equal(state.answer.status, 'waiting');
    });
  }

  it('takes the answer to what it asks for, and no other', () => {
    const first = run(open);
    const second = reduce(first, { type: 'tab', tab: 'response' });
    assert.ok(first.want);
    assert.equal(reduce(second, { type: 'answer', want: first.want, answer: body }), second);
    assert.equal(answered(second).answer, body);
  });

  it('takes the body that came along, for the tab it is of', () => {
    const first = { part: 'request', pretty: true, body: { kind: 'empty', text: '', secrets: [] } } as const;
    const state = run({ type: 'panel', panel: panel('a', { first }) });
    assert.deepEqual(state.answer, { status: 'body', body: first.body });
    assert.equal(reduce(state, { type: 'tab', tab: 'response' }).answer.status, 'waiting');
    assert.equal(reduce(state, { type: 'options', options: { pretty: false } }).answer.status, 'waiting');
  });

  it('does not ask again for what it has', () => {
    const state = answered(run(open));
    for (const action of [
      open,
      { type: 'tab', tab: 'request' },
      { type: 'options', options: { wrap: false, layout: 'unified', unchanged: true } },
      { type: 'baseline', baseline: { type: 'parts' } },
      { type: 'panel', panel: panel('a', {}, 'y') },
    ] satisfies PageAction[]) {
      assert.equal(reduce(state, action).answer, body, JSON.stringify(action));
    }
  });

  for (const [name, action] of [
    ['the text as received is wanted', { type: 'options', options: { pretty: false } }],
    ['another event is shown', { type: 'panel', panel: panel('b') }],
    ['masking or the history changed', { type: 'panel', panel: panel('a', { version: 2 }) }],
  ] satisfies [string, PageAction][]) {
    it(`asks again when ${name}`, () => assert.equal(reduce(answered(run(open)), action).answer.status, 'waiting'));
  }

  it('compares anew when an earlier event arrives', () => {
    const state = run({ type: 'panel', panel: panel('a') }, { type: 'tab', tab: 'changes' });
    const later = reduce(answered(state), open);
    assert.equal(later.answer.status, 'waiting');
    assert.notDeepEqual(later.want, state.want);
  });

  it('keeps tab and options from event to event, but not what was picked for one', () => {
    const state = run(
      open,
      { type: 'tab', tab: 'changes' },
      { type: 'baseline', baseline: { type: 'event', key: 'q' } },
      { type: 'part', part: 'response' },
      { type: 'options', options: { layout: 'split' } },
      { type: 'panel', panel: panel('b') },
    );
    assert.equal(state.tab, 'changes');
    assert.equal(state.options.layout, 'split');
    assert.deepEqual(state.baseline, { type: 'previous' });
    assert.equal(state.part, undefined);
  });

  it('opens what the command asks for', () => {
    const baseline = { type: 'event', key: 'q' } as const;
    const state = run({ type: 'panel', panel: panel('a', { show: { tab: 'changes', baseline } }) });
    assert.equal(state.tab, 'changes');
    assert.deepEqual(state.baseline, baseline);
  });

  it('comes back after a reload as it was', () => {
    const before = run(
      open,
      { type: 'tab', tab: 'changes' },
      { type: 'baseline', baseline: { type: 'event', key: 'q' } },
      { type: 'part', part: 'response' },
      { type: 'options', options: { wrap: false, unchanged: true, layout: 'unified', pretty: false, match: false } },
    );
    const kept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    const after = reduce(createState(readMemory(kept(toMemory(before))), 'a', readOptions(kept(before.options))), open);
    assert.deepEqual({ ...after, panel: 0 }, { ...before, panel: 0 });
  });
});

describe('a new page', () => {
  it('keeps the tab, but not what was picked for another event', () => {
    const memory = readMemory({
      connection: 'c',
      key: 'a',
      tab: 'changes',
      baseline: { type: 'parts' },
      part: 'request',
    });
    const state = createState(memory, 'b');
    assert.deepEqual([state.tab, state.baseline, state.part], ['changes', { type: 'previous' }, undefined]);
  });
});

describe('readMemory', () => {
  for (const value of [undefined, null, 'x', 1, {}, { key: 'a' }, { connection: 'c', key: 1 }]) {
    it(`finds no event in ${JSON.stringify(value)}`, () => assert.equal(readMemory(value), undefined));
  }

  it('replaces what it does not know', () => {
    const memory = readMemory({ connection: 'c', key: 'k', tab: 'x', baseline: { type: 'event' }, part: 1 });
    assert.deepEqual(memory, {
      connection: 'c',
      key: 'k',
      focused: undefined,
      tab: 'request',
      baseline: { type: 'previous' },
      part: undefined,
    });
  });
});

describe('readOptions', () => {
  const usual = { pretty: true, wrap: true, layout: 'auto', unchanged: false, match: true };
  for (const value of [undefined, null, 'x', {}, { layout: 2, match: 'no', pretty: 1 }]) {
    it(`takes the usual for what it does not know in ${JSON.stringify(value)}`, () =>
      assert.deepEqual(readOptions(value), usual));
  }
});
