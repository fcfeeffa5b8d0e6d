import { message } from '../../src/core/base/message';
import { outcomeTexts } from '../../src/core/event/event';
import { visibleText } from '../../src/core/base/visibleText';
import type { TimelineEvent } from '../../src/protocol/panel';
import { element, icon } from '../dom';
import type { Language } from '../model/language';

/** An event as a button: what, how it ended, when, by whom. Ctrl or Cmd with a click opens it beside. */
export function createEventButton(
  event: TimelineEvent,
  language: Language,
  now: number,
  open: (aside: boolean) => void,
): HTMLElement {
  const { say } = language;
  const when = event.time === undefined ? visibleText(event.moment, 40) : language.ago(event.time, now);
  const who = visibleText(event.user, 80) || say(message('no user'));
  const outcome = say(outcomeTexts[event.outcome]);
  const button = element(
    'button',
    {
      type: 'button',
      class: `event ${event.outcome}`,
      title: [visibleText(event.action, 80), outcome, event.moment, who, visibleText(event.source, 40)].join('\n'),
      'data-event': event.key,
    },
    icon(event.outcome),
    element('span', { class: 'what' }, visibleText(event.action, 60) || say(message('no action'))),
    element('span', { class: 'hidden' }, `, ${outcome}, `),
    element('span', { class: 'when' }, when),
    element('span', { class: 'hidden' }, ', '),
    element('span', { class: 'who' }, who),
  );
  button.addEventListener('click', ({ ctrlKey, metaKey }) => open(ctrlKey || metaKey));
  return button;
}

/** Lets the arrow keys walk through buttons of which Tab reaches one: the one marked as current, else the first. */
export function walkByArrows(list: HTMLElement): void {
  list.addEventListener('keydown', (event) => {
    const buttons = [...list.querySelectorAll<HTMLElement>('button')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const target = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: -1 }[
      event.key
    ];
    if (at < 0 || target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = buttons.at(event.key === 'End' ? -1 : Math.min(Math.max(target, 0), buttons.length - 1));
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next?.focus();
  });
}

/** To be called when the buttons of {@link walkByArrows} were drawn anew. */
export function resetTabStop(list: HTMLElement): void {
  const buttons = [...list.querySelectorAll<HTMLElement>('button')];
  const stop = buttons.find((button) => button.ariaCurrent === 'true') ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
}
