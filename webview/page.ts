import type { PanelHost, PanelMemory, PanelPage } from '../src/protocol/panel';
import type { Remote } from '../src/protocol/rpc';
import { compare } from './compare';
import { createState, reduce, toMemory, type Answer, type PageAction, type Want } from './state';
import { createView, type View } from './view';

/** Runs the page: asks the host for the whole state, then follows what the user does. */
export function startPage(host: Remote<PanelHost>): PanelPage {
  let state = createState();
  let kept = '';
  let view: View | undefined;
  let asking: AbortController | undefined;

  function dispatch(action: PageAction): void {
    const before = state;
    state = reduce(state, action);
    if (state === before || !state.panel) return;
    if (state.options !== before.options) void host.rememberOptions(state.options);
    if (state.want !== before.want) ask(state.want);
    view ??= createView(state.panel, host, dispatch);
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
    fetchAnswer(host, want, asking.signal).then(settle, (error: unknown) => settle({ status: 'failed', error }));
  }

  const page: PanelPage = {
    show: (panel) => dispatch({ type: 'panel', panel }),
    runMenu: (command) => view?.runMenu(command),
  };
  void host.ready().then(({ panel, memory, options }) => {
    if (!state.panel) state = createState(memory, panel?.key, options);
    if (panel) page.show(panel);
  });
  setInterval(() => view?.update(state, Date.now()), 60_000); // "5 minutes ago" moves on
  return page;
}

async function fetchAnswer(host: Remote<PanelHost>, want: Want, signal: AbortSignal): Promise<Answer> {
  if (want.type === 'body') {
    return { status: 'body', body: await host.body(want.key, want.part, want.pretty, signal) };
  }
  const comparison = await host.compare(want.key, want.baseline, want.part, signal);
  return { status: 'comparison', comparison, difference: await compare(comparison, want.match, signal) };
}
