import type { BodyPart } from '../../src/core/event/body';
import {
  bodyOf,
  readOptions,
  type Baseline,
  type Comparison,
  type PanelBody,
  type PanelMemory,
  type PanelOptions,
  type PanelState,
  type PanelTab,
} from '../../src/protocol/panel';
import type { PreparedDifference } from './difference';

/** What the open tab needs from the host. */
export type Want =
  | { readonly type: 'body'; readonly key: string; readonly part: BodyPart; readonly pretty: boolean }
  | {
      readonly type: 'comparison';
      readonly key: string;
      readonly baseline: Baseline;
      /** What `previous` means now. */
      readonly previous: string | undefined;
      readonly part: BodyPart | undefined;
      readonly match: boolean;
    };

/** How far the answer to a {@link Want} has come. */
export type Answer =
  | { readonly status: 'waiting' }
  | { readonly status: 'body'; readonly body: PanelBody }
  | {
      readonly status: 'comparison';
      readonly comparison: Comparison;
      readonly difference: PreparedDifference | undefined;
    }
  | { readonly status: 'failed'; readonly error: unknown };

/** All the page shows. */
export interface PageState {
  readonly panel: PanelState | undefined;
  readonly tab: PanelTab;
  readonly baseline: Baseline;
  readonly part: BodyPart | undefined;
  readonly options: PanelOptions;
  readonly want: Want | undefined;
  readonly answer: Answer;
}

export type PageAction =
  | { readonly type: 'panel'; readonly panel: PanelState }
  | { readonly type: 'tab'; readonly tab: PanelTab }
  | { readonly type: 'baseline'; readonly baseline: Baseline }
  | { readonly type: 'part'; readonly part: BodyPart }
  | { readonly type: 'options'; readonly options: Partial<PanelOptions> }
  | { readonly type: 'answer'; readonly want: Want; readonly answer: Answer };

const waiting: Answer = { status: 'waiting' };

/** The state of a new page that shows the event `key` first. */
export function createState(memory?: PanelMemory, key?: string, options = readOptions(undefined)): PageState {
  const same = memory?.key === key ? memory : undefined;
  return {
    panel: undefined,
    tab: memory?.tab ?? 'request',
    baseline: same?.baseline ?? { type: 'previous' },
    part: same?.part,
    options,
    want: undefined,
    answer: waiting,
  };
}

/**
 * The next state. Pure; whoever sees a new `want` whose answer is waited for asks the host for it and sends the answer back. An answer to anything
 * but the present `want` (by identity) is out of date and changes nothing.
 */
export function reduce(state: PageState, action: PageAction): PageState {
  if (action.type === 'answer') return action.want === state.want ? { ...state, answer: action.answer } : state;
  const renew = action.type === 'panel' && action.panel.version !== state.panel?.version;
  return request(change(state, action), state, renew);
}

function change(state: PageState, action: Exclude<PageAction, { type: 'answer' }>): PageState {
  switch (action.type) {
    case 'panel':
      return openPanel(state, action.panel);
    case 'tab':
      return { ...state, tab: action.tab };
    case 'baseline':
      return { ...state, baseline: action.baseline };
    case 'part':
      return { ...state, part: action.part };
    case 'options':
      return { ...state, options: { ...state.options, ...action.options } };
  }
}

/** Another event keeps tab and options, but a picked baseline was picked for one event. */
function openPanel(state: PageState, panel: PanelState): PageState {
  const moved = state.panel !== undefined && state.panel.key !== panel.key;
  const kept: Baseline = moved && state.baseline.type === 'event' ? { type: 'previous' } : state.baseline;
  const part = moved ? undefined : state.part;
  return { ...state, panel, part, tab: panel.show?.tab ?? state.tab, baseline: panel.show?.baseline ?? kept };
}

function request(state: PageState, before: PageState, renew: boolean): PageState {
  const want = wanted(state);
  if (!renew && JSON.stringify(want) === JSON.stringify(before.want)) return state;
  const first = state.panel?.first;
  const brought = want?.type === 'body' && first?.part === want.part && first.pretty === want.pretty;
  return { ...state, want, answer: brought ? { status: 'body', body: first.body } : waiting };
}

function wanted({ panel, tab, baseline, part, options }: PageState): Want | undefined {
  if (!panel?.event) return undefined;
  const { key } = panel;
  const body = bodyOf(tab);
  if (!body) {
    const previous = baseline.type === 'previous' ? panel.event.previous?.key : undefined;
    return { type: 'comparison', key, baseline, previous, part, match: options.match };
  }
  return { type: 'body', key, part: body, pretty: options.pretty };
}

/** What to keep for the time after a reload. */
export function toMemory(state: PageState): PanelMemory | undefined {
  const { panel, tab, baseline, part } = state;
  return panel && { connection: panel.connection, key: panel.key, tab, baseline, part };
}
