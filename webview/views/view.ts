import type { PanelHost, PanelState } from '../../src/protocol/panel';
import type { MenuCommand } from '../../src/protocol/panelActions';
import type { Remote } from '../../src/protocol/rpc';
import { element } from '../dom';
import type { Language } from '../model/language';
import type { PageAction, PageState } from '../model/state';
import type * as tabsScript from '../tabs';
import { createNotice } from './notice';
import { createActions } from './pageActions';
import { followKeys } from './pageKeys';
import { createHeader } from './viewHeader';
import { createTimelineView } from './viewTimeline';
import { createRelatedView } from './viewRelated';
import type { TabsView } from './viewTabs';

export interface View {
  update(state: PageState, now: number): void;
  /** Does what was chosen in the context menu. */
  runMenu(command: MenuCommand): void;
}

/**
 * Builds the page's elements and ties them to the host and the state.
 * @param loadTabs settles when the event itself has been on the screen: what is below it takes longer
 */
export function createView(
  language: Language,
  host: Remote<PanelHost>,
  loadTabs: Promise<typeof tabsScript>,
  dispatch: (action: PageAction) => void,
): View {
  let shown: PageState | undefined;
  let drawn: { panel: PanelState; minute: number } | undefined;
  let tabs: TabsView | undefined;

  const notice = createNotice(language);
  const actions = createActions(host, language, notice, () => shown?.panel?.key ?? '', dispatch);
  const header = createHeader(language, actions);
  const life = createTimelineView(language, actions);
  const related = createRelatedView(language, actions, (resources) => life.setResources(resources));
  const parts = [notice, header, life, related].map((part) => part.element);
  const main = element('main', { 'data-testid': 'event-panel' }, ...parts);
  document.body.replaceChildren(main);

  loadTabs.then(({ createTabsView }) => {
    tabs = createTabsView(main, language, actions);
    if (shown?.panel?.event) drawBelow(shown, Date.now());
    main.append(tabs.element);
  }, actions.fail);
  followKeys(
    actions,
    () => shown?.panel?.event,
    (event) => tabs?.handleKey(event) ?? false,
  );

  function drawAbove(panel: PanelState, now: number): void {
    const minute = Math.floor(now / 60_000);
    if (!panel.event || (drawn?.panel === panel && drawn.minute === minute)) return;
    if (drawn && drawn.panel.key !== panel.key) notice.tell('');
    drawn = { panel, minute };
    header.update(panel.event, now);
    life.update(panel.event, now);
  }

  function drawBelow(state: PageState, now: number): void {
    const { panel, answer } = state;
    // First what the event itself needs.
    if (panel && answer.status !== 'waiting') related.update(panel.key, panel.version, now);
    tabs?.update(state);
  }

  return {
    update(state, now) {
      const { panel } = state;
      shown = state;
      if (!panel) return;
      main.classList.toggle('without-event', !panel.event);
      if (!panel.event) {
        header.showWords(panel.notice ? language.say(panel.notice) : '');
        return;
      }
      drawAbove(panel, now);
      if (tabs) drawBelow(state, now);
    },
    runMenu: (command) => tabs?.runMenu(command),
  };
}
