import { message, type Message } from '../../src/core/base/message';
import { comparedParts, type Baseline, type ComparedPart, type PanelOptions } from '../../src/protocol/panel';
import { element, icon } from '../dom';
import type { Language } from '../model/language';
import type { PageState } from '../model/state';
import { createButton, createCheckbox, createDropdown } from '../toolkit';

export interface ChangesActions {
  setBaseline(baseline: Baseline): void;
  setPart(part: ComparedPart): void;
  setOptions(options: Partial<PanelOptions>): void;
  pickBaseline(): void;
  openEvent(key: string): void;
  openDiff(left: string, right: string, part: ComparedPart): void;
}

const partLabels: Readonly<Record<ComparedPart, Message>> = {
  request: message('Request bodies'),
  response: message('Response bodies'),
  event: message('Whole records'),
};

/** What is compared with what, and how it is shown. */
export function createChangesBar(
  { say }: Language,
  actions: ChangesActions,
  step: (direction: 1 | -1) => void,
): { element: HTMLElement; update(state: PageState): void } {
  let state: PageState | undefined;

  const baseline = createDropdown(
    { id: 'baseline', 'data-testid': 'baseline', 'aria-label': say(message('Compared with')) },
    (value) => {
      const picked = state?.baseline;
      if (value === 'pick') {
        actions.pickBaseline();
        if (state) update(state); // until something is picked, what was chosen before holds
      } else if (value === 'previous' || value === 'parts') actions.setBaseline({ type: value });
      else if (picked?.type === 'event') actions.setBaseline(picked);
    },
  );
  const part = createDropdown({ id: 'part', 'aria-label': say(message('What is compared')) }, (value) => {
    const chosen = comparedParts.find((each) => each === value);
    if (chosen) actions.setPart(chosen);
  });
  const layout = createDropdown({ id: 'layout', 'aria-label': say(message('Layout')) }, (value) =>
    actions.setOptions({ layout: value === 'split' || value === 'unified' ? value : 'auto' }),
  );
  const match = createCheckbox('match', say(message('Match by id or name')), (value) =>
    actions.setOptions({ match: value }),
  );
  match.element.title = say(message('Elements of lists are matched by id or name, wherever they stand'));
  const unchanged = createCheckbox('unchanged', say(message('Show unchanged lines')), (value) =>
    actions.setOptions({ unchanged: value }),
  );
  const native = createButton({
    id: 'open-diff',
    label: say(message('Open in diff editor')),
    icon: icon('open'),
    onClick: () => {
      const comparison = state?.answer.status === 'comparison' ? state.answer.comparison : undefined;
      if (comparison?.baseline && state?.panel) {
        actions.openDiff(comparison.baseline.key, state.panel.key, comparison.part);
      }
    },
  });
  const steps = ([-1, 1] as const).map((direction) =>
    createButton({
      id: direction < 0 ? 'previous-change' : 'next-change',
      label: say(direction < 0 ? message('Previous change (Shift+F7)') : message('Next change (F7)')),
      icon: icon(direction < 0 ? 'up' : 'down'),
      onClick: () => step(direction),
    }),
  );

  function update(next: PageState): void {
    state = next;
    const { baseline: chosen, part: wanted, answer, options } = next;
    const comparison = answer.status === 'comparison' ? answer.comparison : undefined;
    baseline.set(
      [
        {
          value: 'previous',
          label: say(
            next.panel?.event?.previous
              ? message('previous event with a body')
              : message('previous event: no earlier event loaded'),
          ),
        },
        { value: 'parts', label: say(message('request against response')) },
        ...(chosen.type === 'event' ? [{ value: 'event', label: say(message('picked event')) }] : []),
        { value: 'pick', label: say(message('another event…')) },
      ],
      chosen.type,
    );
    part.set(
      comparedParts.map((value) => ({ value, label: say(partLabels[value]) })),
      comparison?.part ?? wanted ?? 'request',
    );
    part.element.hidden = chosen.type === 'parts';
    layout.set(
      [
        { value: 'auto', label: say(message('Auto layout')) },
        { value: 'split', label: say(message('Side by side')) },
        { value: 'unified', label: say(message('Unified')) },
      ],
      options.layout,
    );
    match.set(options.match);
    unchanged.set(options.unchanged);
    native.hidden = comparison ? !comparison.baseline : chosen.type === 'parts';
    const changed = answer.status === 'comparison' && (answer.difference?.lines.length ?? 0) > 0;
    steps.forEach((button) => (button.hidden = !changed));
  }

  return {
    element: element(
      'div',
      { class: 'bar' },
      element('span', { 'aria-hidden': 'true' }, say(message('Compared with'))),
      baseline.element,
      part.element,
      layout.element,
      element('span', { class: 'tools' }, match.element, unchanged.element, ...steps, native),
    ),
    update,
  };
}
