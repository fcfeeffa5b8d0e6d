import type { PanelHost, PanelMemory, PanelPage, PanelStart, PanelState } from '../src/protocol/panel';
import type { Remote } from '../src/protocol/rpc';
import { afterPaint } from './dom';
import { createLanguage, type Language } from './model/language';
import { createState, reduce, toMemory, type Answer, type PageAction, type Want } from './model/state';
import type * as tabs from './tabs';
import { createView, type View } from './views/view';

/** Runs the page: begins with `start`, asks the host for the whole state, then follows what the user does. */
export function startPage(host: Remote<PanelHost>, start: PanelStart | undefined): PanelPage {
  let state = createState();
  let kept = '';
  let language: Language | undefined;
  let view: View | undefined;
  let asking: AbortController | undefined;
  const loadTabs = new Promise<typeof tabs>((resolve) => {
    afterPaint(() => resolve(import(document.body.dataset['tabs'] ?? '') as Promise<typeof tabs>));
  });

  function dispatch(action: PageAction): void {
    const before = state;
    state = reduce(state, action);
    if (state === before || !state.panel || !language) return;
    if (state.options !== before.options) void host.rememberOptions(state.options);
    if (state.want !== before.want) ask(state.want);
    view ??= createView(language, host, loadTabs, dispatch);
    view.update(state, Date.now());
    remember(toMemory(state));
  }

  function remember(memory: PanelMemory | undefined): void {
    const text = JSON.stringify(memory);
    if (!memory || text === kept) return;
    kept = text;
    void host.remember(memory);
  }

  function ask(want: Want | undefined): void {
    asking?.abort();
    if (!want || state.answer.status !== 'waiting') return;
    asking = new AbortController();
    const settle = (answer: Answer): void => dispatch({ type: 'answer', want, answer });
    const { signal } = asking;
    const fail = (error: unknown): void => settle({ status: 'failed', error });
    fetchAnswer(want, signal).then((answer) => {
      settle(answer);
      const hasMore = want.type === 'body' && answer.status === 'body' && 'rest' in answer.body;
      if (hasMore) afterPaint(() => signal.aborted || void fetchBody(want, true, signal).then(settle, fail));
    }, fail);
  }

  async function fetchAnswer(want: Want, signal: AbortSignal): Promise<Answer> {
    if (want.type === 'body') return fetchBody(want, false, signal);
    const comparison = await host.compare(want.key, want.baseline, want.part, signal);
    const { compare } = await loadTabs;
    return { status: 'comparison', comparison, difference: await compare(comparison, want.match, signal) };
  }

  async function fetchBody(
    { key, part, pretty }: Extract<Want, { type: 'body' }>,
    whole: boolean,
    signal: AbortSignal,
  ): Promise<Answer> {
    return { status: 'body', body: await host.body(key, part, pretty, whole, signal) };
  }

  const page: PanelPage = {
    show: (panel) => dispatch({ type: 'panel', panel }),
    runMenu: (command) => view?.runMenu(command),
  };

  function begin({ panel, memory, options, ...texts }: PanelStart): void {
    language ??= createLanguage(texts.language, texts.bundle);
    if (!state.panel) state = createState(memory, panel?.key, options);
    if (panel) page.show(panel);
  }

  if (start) begin(start);
  void host.ready().then((answer) => {
    const same = start?.panel && isSame(start.panel, answer.panel);
    if (!same) begin(answer);
  });
  setInterval(() => view?.update(state, Date.now()), 60_000); // "5 minutes ago" moves on
  return page;
}

/** Whether both show the same; a body comes along once. */
function isSame(left: PanelState, right: PanelState | undefined): boolean {
  return JSON.stringify({ ...left, first: undefined, show: undefined }) === JSON.stringify(right);
}
