import { message, type Message } from '../src/core/message';
import { visibleText } from '../src/core/visibleText';
import type { Neighbour, PanelEvent } from '../src/protocol/panel';
import { element, icon } from './dom';
import type { Language } from './language';

/** The way to the neighbours among the events of the same resource. Its buttons stay, so that they keep the focus. */
export function createLifeView(
  language: Language,
  actions: { openEvent(key: string): void; showResourceHistory(resourceId: string): void },
): { element: HTMLElement; update(event: PanelEvent, now: number): void } {
  const { say } = language;
  let shown: PanelEvent | undefined;
  const previous = createStep('previous', 'Alt+ArrowLeft', () => shown?.previous);
  const next = createStep('next', 'Alt+ArrowRight', () => shown?.next);
  const resource = element('div', { class: 'resource' });

  function createStep(name: 'previous' | 'next', keys: string, target: () => Neighbour | undefined): HTMLButtonElement {
    const button = element('button', {
      id: name,
      'data-testid': name,
      class: `step ${name}`,
      type: 'button',
      'aria-keyshortcuts': keys,
    });
    button.addEventListener('click', () => {
      const event = target();
      if (event) actions.openEvent(event.key);
    });
    return button as HTMLButtonElement;
  }

  function updateStep(
    button: HTMLButtonElement,
    neighbour: Neighbour | undefined,
    texts: { name: Message; none: Message; title: Message },
    now: number,
  ): void {
    button.title = say(texts.title);
    const about = neighbour
      ? [
          visibleText(neighbour.action, 60),
          neighbour.time === undefined ? neighbour.moment : language.ago(neighbour.time, now),
        ]
      : [say(texts.none)];
    button.replaceChildren(
      icon(button === previous ? 'previous' : 'next'),
      element(
        'span',
        { class: 'text' },
        element('span', { class: 'name' }, say(texts.name)),
        element('span', { class: 'hidden' }, ': '),
        element('span', { class: 'about', title: neighbour?.moment }, about.join(', ')),
      ),
      ...(neighbour?.outcome === 'failure'
        ? [
            element(
              'span',
              { class: 'failure', title: say(message('failed')) },
              icon('failure'),
              element('span', { class: 'hidden' }, say(message('failed'))),
            ),
          ]
        : []),
    );
  }

  return {
    element: element(
      'nav',
      { class: 'life', 'aria-label': say(message('Events of the same resource')) },
      previous,
      resource,
      next,
    ),
    update(event, now) {
      shown = event;
      const { resourceId } = event;
      const focused = document.activeElement;
      previous.disabled = !event.previous;
      next.disabled = !event.next;
      // A button that is disabled loses the focus: the keyboard goes on at the other one.
      if (focused === previous && previous.disabled) next.focus();
      if (focused === next && next.disabled) previous.focus();
      updateStep(
        previous,
        event.previous,
        {
          name: message('Previous'),
          none: message('no earlier event loaded'),
          title: message('Previous event of this resource (Alt+Left)'),
        },
        now,
      );
      updateStep(
        next,
        event.next,
        {
          name: message('Next'),
          none: message('no later event loaded'),
          title: message('Next event of this resource (Alt+Right)'),
        },
        now,
      );
      if (resourceId === undefined) {
        resource.replaceChildren(element('span', { class: 'none' }, say(message('This event names no resource.'))));
        return;
      }
      const history = element(
        'button',
        { id: 'resource-history', class: 'link', type: 'button' },
        say(message('Show its history')),
      );
      history.addEventListener('click', () => actions.showResourceHistory(resourceId));
      resource.replaceChildren(
        element(
          'span',
          {},
          `${say(message('Resource'))} `,
          element('bdi', { class: 'id', title: visibleText(resourceId) }, visibleText(resourceId)),
        ),
        history,
      );
      if (focused?.id === history.id) history.focus();
    },
  };
}
