import { message, type Message } from '../../src/core/base/message';
import type { BodyPart } from '../../src/core/event/body';
import { bodyParts, type Baseline, type PanelOptions } from '../../src/protocol/panel';
import { element, icon } from '../dom';
import type { Language } from '../model/language';
import type { PageState } from '../model/state';
import { createButton, createCheckbox, createDropdown } from '../toolkit';
import type { HostActions } from './hostActions';

export interface ChangesActions extends HostActions {
  setBaseline(baseline: Baseline): void;
  setPart(part: BodyPart): void;
  setOptions(options: Partial<PanelOptions>): void;
  pickBaseline(): void;
  openEvent(key: string): void;
}

/** One control, or several, of the bar. */
interface Control {
  readonly elements: readonly HTMLElement[];
  update(state: PageState): void;
}

type Step = (direction: 1 | -1) => void;

/** What is compared with what, and how it is shown. */
export function createChangesBar(
  language: Language,
  actions: ChangesActions,
  step: Step,
): { element: HTMLElement; update(state: PageState): void } {
  const choices = [
    createBaselineChoice(language, actions),
    createPartChoice(language, actions),
    createLayoutChoice(language, actions),
  ];
  const tools = [createOptions(language, actions), createSteps(language, step), createDiffButton(language, actions)];
  const elementsOf = (controls: readonly Control[]): HTMLElement[] => controls.flatMap(({ elements }) => elements);
  return {
    element: element(
      'div',
      { class: 'bar' },
      element('span', { 'aria-hidden': 'true' }, language.say(message('Compared with'))),
      ...elementsOf(choices),
      element('span', { class: 'tools' }, ...elementsOf(tools)),
    ),
    update: (state) => [...choices, ...tools].forEach((control) => control.update(state)),
  };
}

function createBaselineChoice({ say }: Language, actions: ChangesActions): Control {
  let state: PageState | undefined;
  const dropdown = createDropdown(
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
  function update(next: PageState): void {
    state = next;
    const { type } = next.baseline;
    const previous = next.panel?.event?.previous
      ? message('previous event with a body')
      : message('previous event: no earlier event loaded');
    const choices = [
      { value: 'previous', label: say(previous) },
      { value: 'parts', label: say(message('request against response')) },
      ...(type === 'event' ? [{ value: 'event', label: say(message('picked event')) }] : []),
      { value: 'pick', label: say(message('another event…')) },
    ];
    dropdown.set(choices, type);
  }
  return { elements: [dropdown.element], update };
}

const partLabels: Readonly<Record<BodyPart, Message>> = {
  request: message('Request bodies'),
  response: message('Response bodies'),
  event: message('Whole records'),
};

function createPartChoice({ say }: Language, actions: ChangesActions): Control {
  const dropdown = createDropdown({ id: 'part', 'aria-label': say(message('What is compared')) }, (value) => {
    const chosen = bodyParts.find((each) => each === value);
    if (chosen) actions.setPart(chosen);
  });
  const choices = bodyParts.map((value) => ({ value, label: say(partLabels[value]) }));
  return {
    elements: [dropdown.element],
    update({ baseline, answer, part }) {
      const compared = answer.status === 'comparison' ? answer.comparison.part : undefined;
      dropdown.set(choices, compared ?? part ?? 'request');
      dropdown.element.hidden = baseline.type === 'parts';
    },
  };
}

function createLayoutChoice({ say }: Language, actions: ChangesActions): Control {
  const dropdown = createDropdown({ id: 'layout', 'aria-label': say(message('Layout')) }, (value) =>
    actions.setOptions({ layout: value === 'split' || value === 'unified' ? value : 'auto' }),
  );
  const choices = [
    { value: 'auto', label: say(message('Auto layout')) },
    { value: 'split', label: say(message('Side by side')) },
    { value: 'unified', label: say(message('Unified')) },
  ];
  return { elements: [dropdown.element], update: ({ options }) => dropdown.set(choices, options.layout) };
}

function createOptions({ say }: Language, actions: ChangesActions): Control {
  const match = createCheckbox('match', say(message('Match by id or name')), (value) =>
    actions.setOptions({ match: value }),
  );
  match.element.title = say(message('Elements of lists are matched by id or name, wherever they stand'));
  const unchanged = createCheckbox('unchanged', say(message('Show unchanged lines')), (value) =>
    actions.setOptions({ unchanged: value }),
  );
  return {
    elements: [match.element, unchanged.element],
    update({ options }) {
      match.set(options.match);
      unchanged.set(options.unchanged);
    },
  };
}

function createSteps({ say }: Language, step: Step): Control {
  const buttons = ([-1, 1] as const).map((direction) =>
    createButton({
      id: direction < 0 ? 'previous-change' : 'next-change',
      label: say(direction < 0 ? message('Previous change (Shift+F7)') : message('Next change (F7)')),
      icon: icon(direction < 0 ? 'up' : 'down'),
      onClick: () => step(direction),
    }),
  );
  return {
    elements: buttons,
    update({ answer }) {
      const changed = answer.status === 'comparison' && (answer.difference?.lines.length ?? 0) > 0;
      buttons.forEach((button) => (button.hidden = !changed));
    },
  };
}

function createDiffButton({ say }: Language, actions: ChangesActions): Control {
  let state: PageState | undefined;
  const button = createButton({
    id: 'open-diff',
    label: say(message('Open in diff editor')),
    icon: icon('open'),
    onClick: () => {
      const comparison = state?.answer.status === 'comparison' ? state.answer.comparison : undefined;
      if (comparison?.baseline && state?.panel) {
        const [left, right] = [comparison.baseline.key, state.panel.key];
        void actions.run('compareEvents', { left, right, part: comparison.part });
      }
    },
  });
  return {
    elements: [button],
    update(next) {
      state = next;
      const { answer, baseline } = next;
      button.hidden = answer.status === 'comparison' ? !answer.comparison.baseline : baseline.type === 'parts';
    },
  };
}
