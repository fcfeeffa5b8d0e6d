import { message } from '../../src/core/base/message';
import { visibleText } from '../../src/core/base/visibleText';
import type { Neighbour, PanelEvent } from '../../src/protocol/panel';
import { element, icon } from '../dom';
import type { Language } from '../model/language';

interface StepActions {
  openEvent(key: string, aside: boolean): void;
}

/** The buttons that lead to the events before and after. */
export function createSteps(
  { say }: Language,
  actions: StepActions,
): { readonly previous: HTMLElement; readonly next: HTMLElement; update(event: PanelEvent): void } {
  let shown: PanelEvent | undefined;
  const create = (name: 'previous' | 'next', keys: string): HTMLButtonElement => {
    const attributes = {
      id: name,
      'data-testid': name,
      class: `step ${name}`,
      type: 'button',
      'aria-keyshortcuts': keys,
    };
    const button = element('button', attributes, icon(name)) as HTMLButtonElement;
    button.addEventListener('click', ({ ctrlKey, metaKey }) => {
      const target = shown?.[name];
      if (target) actions.openEvent(target.key, ctrlKey || metaKey);
    });
    return button;
  };
  const previous = create('previous', 'Alt+ArrowLeft');
  const next = create('next', 'Alt+ArrowRight');
  const titles = {
    previous: say(message('Previous event of this resource (Alt+Left)')),
    next: say(message('Next event of this resource (Alt+Right)')),
  };
  return {
    previous,
    next,
    update(event) {
      shown = event;
      const focused = document.activeElement;
      updateStep(previous, event.previous, titles.previous, say(message('no earlier event loaded')));
      updateStep(next, event.next, titles.next, say(message('no later event loaded')));
      // A button that is disabled loses the focus: the keyboard goes on at the other one.
      if (focused === previous && previous.disabled) next.focus();
      if (focused === next && next.disabled) previous.focus();
    },
  };
}

function updateStep(button: HTMLButtonElement, neighbour: Neighbour | undefined, title: string, none: string): void {
  const about = neighbour ? `${visibleText(neighbour.action, 60)}, ${neighbour.moment}` : none;
  button.title = `${title}: ${about}`;
  button.ariaLabel = button.title;
  button.disabled = !neighbour;
}
