import type { PanelHost } from '../../src/protocol/panel';
import type { Remote } from '../../src/protocol/rpc';
import type { Language } from '../model/language';
import type { PageAction } from '../model/state';
import type { Notice } from './notice';
import type { ToolActions } from '../parts/toolbar';
import type { TimelineActions } from './viewTimeline';
import type { RelatedActions } from './viewRelated';
import type { TabsActions } from './viewTabs';

/** What people can do on the page, as its parts ask for it. */
export interface PageActions extends ToolActions, TimelineActions, RelatedActions, TabsActions {
  openEvent(key: string, aside?: boolean): void;
  go(direction: 'back' | 'forward'): void;
}

/**
 * Hands on to the host what people do; the notice says what became of it.
 * @param key of the event that is shown now
 */
export function createActions(
  host: Remote<PanelHost>,
  { say }: Language,
  { perform, tell }: Notice,
  key: () => string,
  dispatch: (action: PageAction) => void,
): PageActions {
  const run: PageActions['run'] = async (id, argument) => (await perform(host.run(id, argument))) !== undefined;
  async function pickBaseline(): Promise<void> {
    const picked = await perform(host.pickBaseline(key()));
    if (!picked?.value) return;
    dispatch({ type: 'baseline', baseline: { type: 'event', key: picked.value } });
    dispatch({ type: 'tab', tab: 'changes' });
  }
  const actions: PageActions = {
    dispatch,
    fail: (error) => void perform(Promise.reject(error as Error)),
    tell: (text) => tell(say(text), true),
    timeline: (...args) => host.timeline(...args),
    related: (...args) => host.related(...args),
    openEvent: (target, aside = false) => void perform(host.openEvent(target, aside)),
    walk: (resourceId) => void perform(host.walk(resourceId)),
    go: (direction) => void perform(host.go(direction)),
    run,
    findEvents: ({ text }) => void run('setFilter', { query: JSON.stringify(text) }),
    follow(link) {
      if (link.kind !== 'id') actions.findEvents(link);
      else void run('showResourceHistory', { resourceId: link.text.toLowerCase(), focus: false });
    },
    pickBaseline: () => void pickBaseline(),
    reveal: async (part, pretty, index) => (await perform(host.reveal(key(), part, pretty, index)))?.value,
  };
  return actions;
}
