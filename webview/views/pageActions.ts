import { message } from '../../src/core/base/message';
import type { PanelHost } from '../../src/protocol/panel';
import type { Remote } from '../../src/protocol/rpc';
import type { Language } from '../model/language';
import type { PageAction } from '../model/state';
import type { Notice } from './notice';
import type { HeaderActions } from './viewHeader';
import type { LifeActions } from './viewLife';
import type { RelatedActions } from './viewRelated';
import type { TabsActions } from './viewTabs';

/** What people can do on the page, as its parts ask for it. */
export interface PageActions extends HeaderActions, LifeActions, RelatedActions, TabsActions {
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
  const done = async (work: Promise<void>): Promise<boolean> => (await perform(work)) !== undefined;
  const copy = (work: Promise<void>): void =>
    void done(work).then((copied) => copied && tell(say(message('Copied')), true));
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
    showResourceHistory: (resourceId) => void perform(host.showResourceHistory(resourceId)),
    findEvents: ({ text }) => void perform(host.findEvents(text)),
    showCode: ({ text }) => void perform(host.showCode(text)),
    follow(link) {
      if (link.kind === 'id') actions.showResourceHistory(link.text.toLowerCase());
      else actions.findEvents(link);
    },
    goToUri: (target) => void perform(host.goToUri(key(), target)),
    pickBaseline: () => void pickBaseline(),
    openBody: (part) => void perform(host.openBody(key(), part)),
    openDiff: (left, right, part) => void perform(host.openDiff(left, right, part)),
    reveal: async (part, pretty, index) => (await perform(host.reveal(key(), part, pretty, index)))?.value,
    copy: (text) => void perform(host.copyText(text)),
    copyField: (field) => done(host.copyField(key(), field)),
    copyBody: (part, pretty) => done(host.copyBody(key(), part, pretty)),
    copyAsCurl: () => copy(host.copyAsCurl(key())),
    copyAsMarkdown: () => copy(host.copyAsMarkdown(key())),
    copyLink: () => copy(host.copyLink(key())),
  };
  return actions;
}
