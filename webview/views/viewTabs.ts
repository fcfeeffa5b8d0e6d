import type { BodyPart } from '../../src/core/event/body';
import { message } from '../../src/core/base/message';
import { panelTabs, type Baseline } from '../../src/protocol/panel';
import type { MenuCommand } from '../../src/protocol/panelActions';
import { createContextMenu, type MenuActions } from '../parts/contextMenu';
import type { Language } from '../model/language';
import type { PageAction, PageState } from '../model/state';
import { createTabs, registerControls } from '../toolkit';
import { createBodyView } from './viewBody';
import { createChangesView } from './viewChanges';

export interface TabsActions extends MenuActions {
  dispatch(action: PageAction): void;
  /** Undefined when it failed, which was said. */
  reveal(part: BodyPart, pretty: boolean, index: number): Promise<string | undefined>;
  pickBaseline(): void;
  openEvent(key: string): void;
}

export interface TabsView {
  readonly element: HTMLElement;
  update(state: PageState): void;
  /** Whether it was a key of the open tab, and the page was in a state to follow it. */
  handleKey(event: KeyboardEvent): boolean;
  /** Does what was chosen in the context menu. */
  runMenu(command: MenuCommand): void;
}

/** The bodies of the event and what changed, with the context menu of the whole page. */
export function createTabsView(main: HTMLElement, language: Language, actions: TabsActions): TabsView {
  registerControls();
  const { say } = language;
  const { dispatch } = actions;
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content ?? '';
  let shown: PageState | undefined;
  const setOptions = (options: Partial<PageState['options']>): void => dispatch({ type: 'options', options });
  const body = createBodyView(language, nonce, { ...actions, setOptions });
  const changes = createChangesView(language, nonce, {
    ...actions,
    setOptions,
    setBaseline: (baseline: Baseline) => dispatch({ type: 'baseline', baseline }),
    setPart: (part: BodyPart) => dispatch({ type: 'part', part }),
  });
  const labels = {
    request: say(message('Request')),
    response: say(message('Response')),
    changes: say(message('Changes')),
    raw: say(message('Raw')),
  };
  const tabs = createTabs(
    say(message('Bodies of the event')),
    panelTabs.map((id) => ({ id, label: labels[id] })),
    (id) => {
      const tab = panelTabs.find((tab) => tab === id);
      if (tab) dispatch({ type: 'tab', tab });
    },
  );
  tabs.views.get('changes')?.append(changes.element);

  return {
    element: tabs.element,
    update(state) {
      shown = state;
      const { tab, want, answer, options } = state;
      tabs.select(tab);
      const view = tabs.views.get(tab);
      if (want?.type === 'body' && view) {
        if (body.element.parentElement !== view) view.append(body.element);
        body.update(want, answer, options);
      } else {
        body.element.remove();
        changes.update(state);
      }
    },
    handleKey(event) {
      const { altKey, ctrlKey, metaKey, shiftKey } = event;
      const changed = shown?.tab === 'changes';
      if ((ctrlKey || metaKey) && !altKey && !shiftKey && event.code === 'KeyF') {
        return changed ? changes.openSearch() : body.openSearch();
      }
      if (event.key === 'F7' && !altKey && !ctrlKey && !metaKey && changed) return changes.step(shiftKey ? -1 : 1);
      return false;
    },
    runMenu: createContextMenu(main, actions),
  };
}
