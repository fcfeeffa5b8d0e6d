import { message, type Message } from '../../src/core/base/message';
import type { PanelResource, Related, RelatedGroup } from '../../src/protocol/panel';
import { createAsking } from '../model/asking';
import { element, redraw, type Child } from '../dom';
import { createEventButton, resetTabStop, walkByArrows } from '../parts/eventItem';
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
  const { say } = language;
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
    const drawn = groups.map((group) => drawHead(group, group === opened, language, toggle));
    redraw(heads, drawn.length === 0 ? [] : [element('span', {}, say(message('Related:'))), ...drawn]);
    list.hidden = !opened;
    redraw(list, opened ? drawList(opened, language, now, actions) : []);
    resetTabStop(list);
  }

  function toggle(kind: RelatedGroup['kind']): void {
    open = open === kind ? undefined : kind;
    draw();
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

function drawHead(
  { kind, total }: RelatedGroup,
  isOpen: boolean,
  { say, count }: Language,
  toggle: (kind: RelatedGroup['kind']) => void,
): HTMLElement {
  const button = element(
    'button',
    {
      id: `related-${kind}`,
      'data-testid': `related-${kind}`,
      type: 'button',
      class: 'disclosure',
      'aria-expanded': String(isOpen),
      'aria-controls': 'related-list',
    },
    `${say(names[kind])} `,
    element('span', { class: 'count' }, count(total)),
  );
  button.addEventListener('click', () => toggle(kind));
  return button;
}

function drawList(
  { events, total }: RelatedGroup,
  language: Language,
  now: number,
  { openEvent }: RelatedActions,
): Child[] {
  const { say, count } = language;
  const rest = total - events.length;
  return [
    ...events.map((event) => {
      const button = createEventButton(event, language, now, (aside) => openEvent(event.key, aside));
      return element('li', {}, button);
    }),
    rest > 0 ? element('li', { class: 'none' }, say(message('{0} more', count(rest)))) : undefined,
  ];
}
