import { message } from '../../src/core/base/message';
import { visibleText } from '../../src/core/base/visibleText';
import type { ComparedEvent, PanelEvent } from '../../src/protocol/panel';
import { element } from '../dom';
import type { Language } from '../model/language';

/** "resize · 2026-11-03 11:20:13 (19 days before) · ivan@example.test". */
export function drawComparedEvent(
  compared: ComparedEvent,
  here: PanelEvent,
  language: Language,
  open: () => void,
): (Node | string)[] {
  const { say } = language;
  const link = element(
    'button',
    { id: 'baseline-event', class: 'link', type: 'button', title: say(message('Open this event')) },
    visibleText(compared.action, 80) || say(message('(no action)')),
  );
  link.addEventListener('click', open);
  const when = `${visibleText(compared.moment, 60)}${distance(compared.time, here.time, language)}`;
  return [
    link,
    ...[when, visibleText(compared.user, 80)]
      .filter((text) => text !== '')
      .flatMap((text) => [' · ', element('bdi', {}, text)]),
    ...(compared.outcome === 'failure' ? [` · ${say(message('failed'))}`] : []),
  ];
}

function distance(time: number | undefined, here: number | undefined, { say, span }: Language): string {
  if (time === undefined || here === undefined) return '';
  const between = span(here - time);
  return ` (${say(time > here ? message('{0} after', between) : message('{0} before', between))})`;
}
