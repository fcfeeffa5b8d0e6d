import { message, type Message } from '../../src/core/base/message';
import type { PanelResource, Related, RelatedGroup } from '../../src/protocol/panel';
import { createAsking } from '../model/asking';
import { element, redraw } from '../dom';
import { createEventButton, resetTabStop, walkByArrows } from './eventItem';
import type { Language } from '../model/language';

export interface RelatedActions {
  openEvent(key: string, aside: boolean): void;
  related(key: string, signal: AbortSignal): Promise<Related>;
  fail(error: unknown): void;
}

const names: Readonly<Record<RelatedGroup['kind'], Message>> = {
  retry: message('Attempts of this call'),
  request: message('Same request'),
  user: message('Same user within 10 minutes'),
};

/** Events that belong to the one shown: counts at first, lists when opened. Asked once the event itself is seen. */
export function createRelatedView(
  language: Language,
  actions: RelatedActions,
  onResources: (resources: readonly PanelResource[]) => void,
): { element: HTMLElement; update(key: string, version: number, now: number): void } {
  const { say, count } = language;
  const ask = createAsking();
  let asked = '';
  let groups: readonly RelatedGroup[] = [];
  let open: RelatedGroup['kind'] | undefined;
  let now = 0;
  const heads = element('div', { class: 'heads' });
  const list = element('ul', { id: 'related-list', class: 'list', 'data-testid': 'related-list' });
  walkByArrows(list);
  const root = element(
    'section',
    { class: 'related', 'data-testid': 'related', 'aria-label': say(message('Related events')) },
    heads,
    list,
  );

  function draw(): void {
    const opened = groups.find(({ kind }) => kind === open);
    redraw(heads, groups.length === 0 ? [] : [element('span', {}, say(message('Related:'))), ...groups.map(head)]);
    list.hidden = !opened;
    const shownNow = opened?.events ?? [];
    const rest = (opened?.total ?? 0) - shownNow.length;
    redraw(list, [
      ...shownNow.map((event) =>
        element(
          'li',
          {},
          createEventButton(event, language, now, (aside) => actions.openEvent(event.key, aside)),
        ),
      ),
      rest > 0 ? element('li', { class: 'none' }, say(message('{0} more', count(rest)))) : undefined,
    ]);
    resetTabStop(list);
  }

  function head({ kind, total }: RelatedGroup): HTMLElement {
    const button = element(
      'button',
      {
        id: `related-${kind}`,
        'data-testid': `related-${kind}`,
        type: 'button',
        class: 'disclosure',
        'aria-expanded': String(kind === open),
        'aria-controls': 'related-list',
      },
      `${say(names[kind])} `,
      element('span', { class: 'count' }, count(total)),
    );
    button.addEventListener('click', () => {
      open = open === kind ? undefined : kind;
      draw();
    });
    return button;
  }

  return {
    element: root,
    update(key, version, time) {
      now = time;
      const question = `${version} ${key}`;
      if (question === asked) return;
      asked = question;
      root.ariaBusy = 'true';
      ask(
        (signal) => actions.related(key, signal),
        (answer) => {
          groups = answer.groups;
          root.ariaBusy = 'false';
          draw();
          onResources(answer.resources);
        },
        (error) => {
          root.ariaBusy = 'false';
          actions.fail(error);
        },
      );
    },
  };
}
