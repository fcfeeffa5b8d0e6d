import { isCancelled } from '../../src/core/base/errors';
import { message } from '../../src/core/base/message';
import type { MenuCommand, PanelHost, PanelState } from '../../src/protocol/panel';
import type { Remote } from '../../src/protocol/rpc';
import { element } from '../dom';
import type { Language } from '../model/language';
import type { Link } from '../editor/links';
import type { PageAction, PageState } from '../model/state';
import type * as tabsScript from '../tabs';
import { createHeader } from './viewHeader';
import { createLifeView } from './viewLife';
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
  const { say } = language;
  /** Of the event that is shown. */
  let key = '';
  let drawn: { panel: PanelState; minute: number } | undefined;
  let shown: PageState | undefined;
  let tabs: TabsView | undefined;

  const notice = element('p', { class: 'notice', role: 'alert' });

  function tell(text: string, good = false): void {
    notice.textContent = text;
    notice.classList.toggle('done', good);
    if (good) setTimeout(() => notice.textContent === text && tell(''), 2_000);
  }

  /** Resolves with the result, or says what went wrong. */
  async function perform<T>(work: Promise<T>): Promise<{ value: T } | undefined> {
    tell('');
    try {
      return { value: await work };
    } catch (error) {
      if (!isCancelled(error)) tell(language.explain(error));
      return undefined;
    }
  }

  const done = async (work: Promise<void>): Promise<boolean> => (await perform(work)) !== undefined;

  async function pickBaseline(): Promise<void> {
    const picked = await perform(host.pickBaseline(key));
    if (!picked?.value) return;
    dispatch({ type: 'baseline', baseline: { type: 'event', event: picked.value } });
    dispatch({ type: 'tab', tab: 'changes' });
  }

  const showResourceHistory = (resourceId: string): void => void perform(host.showResourceHistory(resourceId));
  const openEvent = (target: string, aside = false): void => void perform(host.openEvent(target, aside));
  const fail = (error: unknown): void => void perform(Promise.reject(error as Error));
  const findEvents = ({ text }: Link): void => void perform(host.findEvents(text));
  const follow = (link: Link): void => {
    if (link.kind === 'id') showResourceHistory(link.text.toLowerCase());
    else findEvents(link);
  };
  const copy = (work: Promise<void>): void =>
    void done(work).then((copied) => copied && tell(say(message('Copied')), true));
  const header = createHeader(language, {
    copyField: (field) => done(host.copyField(key, field)),
    copyAsCurl: () => copy(host.copyAsCurl(key)),
    copyAsMarkdown: () => copy(host.copyAsMarkdown(key)),
    copyLink: () => copy(host.copyLink(key)),
    goToUri: (target) => void perform(host.goToUri(key, target)),
    compareWith: () => void pickBaseline(),
    showResourceHistory,
  });

  const life = createLifeView(language, {
    openEvent,
    showResourceHistory,
    walk: (resourceId) => void perform(host.walk(resourceId)),
    timeline: (...args) => host.timeline(...args),
    fail,
  });
  const related = createRelatedView(language, {
    openEvent,
    related: (...args) => host.related(...args),
    onResources: (resources) => life.setResources(resources),
    fail,
  });
  const main = element('main', { 'data-testid': 'event-panel' }, notice, header.element, life.element, related.element);
  document.body.replaceChildren(main);

  loadTabs.then(({ createTabsView }) => {
    tabs = createTabsView(main, language, {
      dispatch,
      copyBody: (part, pretty) => done(host.copyBody(key, part, pretty)),
      openBody: (part) => void perform(host.openBody(key, part)),
      reveal: async (part, pretty, index) => (await perform(host.reveal(key, part, pretty, index)))?.value,
      pickBaseline: () => void pickBaseline(),
      openEvent,
      openDiff: (left, right, part) => void perform(host.openDiff(left, right, part)),
      copy: (text) => void perform(host.copyText(text)),
      follow,
      showCode: ({ text }) => void perform(host.showCode(text)),
      findEvents,
      tell: (text) => tell(say(text), true),
    });
    if (shown?.panel?.event) drawBelow(shown, Date.now());
    main.append(tabs.element);
  }, fail);

  for (const type of ['mousedown', 'mouseup'] as const) {
    document.addEventListener(type, (event) => {
      const direction = event.button === 3 ? 'back' : event.button === 4 ? 'forward' : undefined;
      if (!direction) return;
      event.preventDefault();
      if (type === 'mouseup') void perform(host.go(direction));
    });
  }

  document.addEventListener(
    'keydown',
    (event) => {
      if (!handleKey(event)) return;
      event.preventDefault();
      event.stopPropagation(); // or VS Code would go back, or search the page, as well
    },
    { capture: true },
  );

  function handleKey(event: KeyboardEvent): boolean {
    const neighbours = shown?.panel?.event;
    if (event.altKey && !event.ctrlKey && !event.shiftKey && !event.metaKey) {
      const target =
        event.key === 'ArrowLeft' ? neighbours?.previous : event.key === 'ArrowRight' ? neighbours?.next : undefined;
      if (target) openEvent(target.key);
      return event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    }
    return tabs?.handleKey(event) ?? false;
  }

  function drawBelow(state: PageState, now: number): void {
    const { panel, answer } = state;
    // First what the event itself needs.
    if (panel && answer.status !== 'waiting') related.update(panel.key, panel.version, now);
    tabs?.update(state, now);
  }

  return {
    update(state, now) {
      const { panel } = state;
      shown = state;
      if (!panel) return;
      key = panel.key;
      main.classList.toggle('without-event', !panel.event);
      if (!panel.event) {
        header.showWords(panel.notice ? say(panel.notice) : '');
        return;
      }
      const minute = Math.floor(now / 60_000);
      if (drawn?.panel !== panel || drawn.minute !== minute) {
        if (drawn && drawn.panel.key !== panel.key) tell('');
        drawn = { panel, minute };
        header.update(panel.event, now);
        life.update(panel.event, now);
      }
      if (tabs) drawBelow(state, now);
    },
    runMenu: (command) => tabs?.runMenu(command),
  };
}
