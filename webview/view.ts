import { isCancelled } from '../src/core/errors';
import { message } from '../src/core/message';
import { panelTabs, type MenuCommand, type PanelHost, type PanelState } from '../src/protocol/panel';
import type { Remote } from '../src/protocol/rpc';
import { createContextMenu } from './contextMenu';
import { afterPaint, element } from './dom';
import { createLanguage, explain } from './language';
import type { Link } from './links';
import type { PageAction, PageState } from './state';
import { createTabs, registerControls } from './toolkit';
import { createBodyView } from './viewBody';
import { createChangesView } from './viewChanges';
import { drawHeader } from './viewHeader';
import { createLifeView } from './viewLife';
import { createRelatedView } from './viewRelated';

export interface View {
  update(state: PageState, now: number): void;
  /** Does what was chosen in the context menu. */
  runMenu(command: MenuCommand): void;
}

/** Builds the page's elements and ties them to the host and the state. */
export function createView(first: PanelState, host: Remote<PanelHost>, dispatch: (action: PageAction) => void): View {
  const language = createLanguage(first.language, first.bundle);
  const { say } = language;
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content ?? '';
  let { key } = first;
  let drawn: { panel: PanelState; minute: number } | undefined;
  let shown: PageState | undefined;
  /** Whether the header has been on the screen: what is below it takes longer. */
  let painted = false;
  let drawing = false;

  const notice = element('p', { class: 'notice', role: 'alert' });
  const header = element('header');

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
      if (!isCancelled(error)) tell(explain(error, language));
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
  const headerActions = {
    copyField: (field) => done(host.copyField(key, field)),
    copyAsCurl: () => copy(host.copyAsCurl(key)),
    copyAsMarkdown: () => copy(host.copyAsMarkdown(key)),
    copyLink: () => copy(host.copyLink(key)),
    goToUri: (target) => void perform(host.goToUri(key, target)),
    compareWith: () => void pickBaseline(),
    showResourceHistory,
  } satisfies Parameters<typeof drawHeader>[3];

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
  const body = createBodyView(language, nonce, {
    setOptions: (options) => dispatch({ type: 'options', options }),
    copyBody: (part, pretty) => done(host.copyBody(key, part, pretty)),
    openBody: (part) => void perform(host.openBody(key, part)),
    follow,
    reveal: async (part, pretty, index) => (await perform(host.reveal(key, part, pretty, index)))?.value,
  });
  const changes = createChangesView(language, nonce, {
    setBaseline: (baseline) => dispatch({ type: 'baseline', baseline }),
    setPart: (part) => dispatch({ type: 'part', part }),
    setOptions: (options) => dispatch({ type: 'options', options }),
    pickBaseline: () => void pickBaseline(),
    openEvent,
    openDiff: (left, right, part) => void perform(host.openDiff(left, right, part)),
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

  const main = element(
    'main',
    { 'data-testid': 'event-panel' },
    notice,
    header,
    life.element,
    related.element,
    tabs.element,
  );
  document.body.replaceChildren(main);

  const runMenu = createContextMenu(main, {
    copy: (text) => void perform(host.copyText(text)),
    follow,
    showCode: ({ text }) => void perform(host.showCode(text)),
    findEvents,
    tell: (text) => tell(say(text), true),
  });

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
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === 'KeyF') {
      return shown?.tab === 'changes' ? changes.openSearch() : body.openSearch();
    }
    if (event.key === 'F7' && !event.altKey && !event.ctrlKey && !event.metaKey && shown?.tab === 'changes') {
      return changes.step(event.shiftKey ? -1 : 1);
    }
    return false;
  }

  function drawBelow(state: PageState, now: number): void {
    const { panel, tab, want, answer, options } = state;
    // First what the event itself needs.
    if (panel && answer.status !== 'waiting') related.update(panel.key, panel.version, now);
    tabs.select(tab);
    const view = tabs.views.get(tab);
    if (want?.type === 'body' && view) {
      if (body.element.parentElement !== view) view.append(body.element);
      body.update(want, answer, options);
    } else {
      body.element.remove();
      changes.update(state, now);
    }
  }

  return {
    update(state, now) {
      const { panel } = state;
      shown = state;
      if (!panel) return;
      key = panel.key;
      main.classList.toggle('without-event', !panel.event);
      if (!panel.event) {
        header.replaceChildren(element('p', { class: 'words' }, panel.notice ? say(panel.notice) : ''));
        return;
      }
      const minute = Math.floor(now / 60_000);
      if (drawn?.panel !== panel || drawn.minute !== minute) {
        if (drawn && drawn.panel.key !== panel.key) tell('');
        drawn = { panel, minute };
        drawHeader(header, panel.event, language, headerActions, now);
        life.update(panel.event, now);
      }
      if (painted) drawBelow(state, now);
      else if (!drawing) {
        drawing = true;
        afterPaint(() => {
          registerControls();
          painted = true;
          if (shown?.panel?.event) drawBelow(shown, now);
        });
      }
    },
    runMenu,
  };
}
