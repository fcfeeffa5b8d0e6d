import type { PanelHost, PanelMemory, PanelPage, PanelStart, PanelState } from '../src/protocol/panel';
import type { Remote } from '../src/protocol/rpc';
import { createAsk } from './askHost';
import { afterPaint } from './dom';
import { createLanguage, type Language } from './model/language';
import { createState, reduce, toMemory, type PageAction } from './model/state';
import type * as tabs from './tabs';
import { createView, type View } from './views/view';

/** Runs the page: begins with `start`, asks the host for the whole state, then follows what the user does. */
export function startPage(host: Remote<PanelHost>, start: PanelStart | undefined): PanelPage {
  let state = createState();
  let kept = '';
  let language: Language | undefined;
  let view: View | undefined;
  const loadTabs = new Promise<typeof tabs>((resolve) => {
    afterPaint(() => resolve(import(document.body.dataset['tabs'] ?? '') as Promise<typeof tabs>));
  });
  const ask = createAsk(host, loadTabs, (want, answer) => dispatch({ type: 'answer', want, answer }));

  function dispatch(action: PageAction): void {
    const before = state;
    state = reduce(state, action);
    if (state === before || !state.panel || !language) return;
    if (state.options !== before.options) void host.rememberOptions(state.options);
    if (state.want !== before.want) ask(state.answer.status === 'waiting' ? state.want : undefined);
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
