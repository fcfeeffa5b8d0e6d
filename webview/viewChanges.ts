import { openSearchPanel } from '@codemirror/search';
import { message, type Message } from '../src/core/message';
import { visibleText } from '../src/core/visibleText';
import type { Baseline, ComparedPart, Comparison, PanelEvent } from '../src/protocol/panel';
import { findChangedPaths } from './changedPaths';
import { describeKind, drawNotes, drawSummary, isText, sideNames } from './changesSummary';
import { createDiffView, type DiffView } from './diffView';
import { element, icon } from './dom';
import { explain, type Language } from './language';
import { createBudget } from './sequenceDiff';
import type { Answer, Options, PageState } from './state';
import { createButton, createCheckbox, createDropdown } from './toolkit';

export interface ChangesActions {
  setBaseline(baseline: Baseline): void;
  setPart(part: ComparedPart): void;
  setOptions(options: Partial<Options>): void;
  pickBaseline(): void;
  openDiff(left: string, right: string, part: ComparedPart): void;
}

/** Below this width (CSS pixels) `auto` means unified. */
const narrow = 700;

const partLabels: Readonly<Record<ComparedPart, Message>> = {
  request: message('Request bodies'),
  response: message('Response bodies'),
};

/** The bodies of the event and its baseline: what changed as a list, then the texts. */
export function createChangesView(
  language: Language,
  nonce: string,
  actions: ChangesActions,
): { element: HTMLElement; update(state: PageState, now: number): void; openSearch(): boolean } {
  const { say } = language;
  let diff: DiffView | undefined;
  let drawn: { answer: Answer; split: boolean; unchanged: boolean } | undefined;
  let state: PageState | undefined;
  let now = 0;

  const baseline = createDropdown(
    { id: 'baseline', 'data-testid': 'baseline', 'aria-label': say(message('Compared with')) },
    (value) => {
      const picked = state?.baseline;
      if (value === 'pick') {
        actions.pickBaseline();
        if (state) update(state, now); // until something is picked, what was chosen before holds
      } else if (value === 'previous' || value === 'parts') actions.setBaseline({ type: value });
      else if (picked?.type === 'event') actions.setBaseline(picked);
    },
  );
  const part = createDropdown({ id: 'part', 'aria-label': say(message('Which bodies')) }, (value) =>
    actions.setPart(value === 'response' ? 'response' : 'request'),
  );
  const layout = createDropdown({ id: 'layout', 'aria-label': say(message('Layout')) }, (value) =>
    actions.setOptions({ layout: value === 'split' || value === 'unified' ? value : 'auto' }),
  );
  const unchanged = createCheckbox('unchanged', say(message('Show unchanged lines')), (value) =>
    actions.setOptions({ unchanged: value }),
  );
  const native = createButton({
    id: 'open-diff',
    label: say(message('Open in diff editor')),
    icon: icon('open'),
    onClick: () => {
      const comparison = state?.answer.status === 'comparison' ? state.answer.comparison : undefined;
      const left = state && baselineKey(state);
      if (comparison && left && state?.panel) actions.openDiff(left, state.panel.key, comparison.part);
    },
  });
  const summary = element('div', { class: 'summary' });
  const texts = element('div', { class: 'texts' });
  const root = element(
    'div',
    { class: 'changes', 'data-testid': 'changes' },
    element(
      'div',
      { class: 'bar' },
      element('span', { 'aria-hidden': 'true' }, say(message('Compared with'))),
      baseline.element,
      part.element,
      layout.element,
      element('span', { class: 'tools' }, unchanged.element, native),
    ),
    summary,
    texts,
  );
  new ResizeObserver(() => state && update(state, now)).observe(root);

  function update(next: PageState, time: number): void {
    state = next;
    now = time;
    const { panel, answer, options } = next;
    if (!panel?.event) return;
    updateChoices(next, panel.event);
    root.setAttribute('aria-busy', String(answer.status === 'waiting'));
    if (answer.status === 'waiting') return;
    const split = options.layout === 'auto' ? root.clientWidth >= narrow : options.layout === 'split';
    if (drawn?.answer === answer && drawn.split === split && drawn.unchanged === options.unchanged) return;
    const fresh = drawn?.answer !== answer;
    drawn = { answer, split, unchanged: options.unchanged };
    diff?.destroy();
    diff = undefined;
    texts.replaceChildren();
    if (answer.status === 'comparison') drawComparison(answer.comparison, fresh, split, options.unchanged);
    else
      summary.replaceChildren(
        element('p', { role: 'alert' }, answer.status === 'failed' ? explain(answer.error, language) : ''),
      );
  }

  function updateChoices({ baseline: chosen, part: wantedPart, answer, options }: PageState, event: PanelEvent): void {
    const previous = event.previous
      ? say(message('previous event: {0}', describe(event.previous)))
      : say(message('previous event: no earlier event loaded'));
    baseline.set(
      [
        { value: 'previous', label: previous },
        { value: 'parts', label: say(message('request against response')) },
        ...(chosen.type === 'event'
          ? [{ value: 'event', label: say(message('picked event: {0}', describe(chosen.event))) }]
          : []),
        { value: 'pick', label: say(message('another event…')) },
      ],
      chosen.type,
    );
    const shownPart = answer.status === 'comparison' ? answer.comparison.part : (wantedPart ?? 'request');
    part.set(
      (['request', 'response'] as const).map((value) => ({ value, label: say(partLabels[value]) })),
      shownPart,
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
    unchanged.set(options.unchanged);
    native.hidden = chosen.type === 'parts' || (chosen.type === 'previous' && !event.previous);
  }

  function describe(event: { action: string; moment: string; time: number | undefined }): string {
    const when = event.time === undefined ? event.moment : `${event.moment} (${language.ago(event.time, now)})`;
    return `${visibleText(event.action, 60)}, ${visibleText(when, 60)}`;
  }

  function drawComparison(comparison: Comparison, fresh: boolean, split: boolean, unfolded: boolean): void {
    const { left, right } = comparison;
    if (!left) {
      summary.replaceChildren(
        element(
          'p',
          { class: 'words' },
          say(message('No earlier event of this resource is loaded: there is nothing to compare with.')),
        ),
      );
      return;
    }
    if (left.kind === 'tooLarge' || right.kind === 'tooLarge') {
      summary.replaceChildren(
        element(
          'p',
          { class: 'words' },
          say(message('Too large to compare here. Open them in the diff editor instead.')),
        ),
      );
      return;
    }
    const names = sideNames[state?.baseline.type === 'parts' ? 'parts' : comparison.part];
    const notes = [describeKind(left.kind, names.left), describeKind(right.kind, names.right)];
    if (!isText(left.kind) && !isText(right.kind)) {
      summary.replaceChildren(...drawNotes(notes, language));
      return;
    }
    const json = left.kind === 'json' && right.kind === 'json';
    diff = createDiffView({ left: left.text, right: right.text, json, split, unchanged: unfolded, language, nonce });
    texts.replaceChildren(diff.element);
    if (diff.coarse) {
      notes.push(message('These texts differ too much to be compared line by line: parts are shown as one block.'));
    }
    if (!fresh) return;
    const changed = json ? findChangedPaths(left.text, right.text, createBudget()) : undefined;
    summary.replaceChildren(
      ...drawNotes(notes, language),
      ...(changed
        ? drawSummary(changed, comparison.changedSecrets, language, (change) =>
            diff?.reveal(change.atLeft, change.atRight),
          )
        : left.text === right.text
          ? [element('p', { class: 'words' }, say(message('No differences.')))]
          : []),
    );
  }

  return { element: root, update, openSearch: () => diff?.openSearch(openSearchPanel) === true };
}

function baselineKey({ baseline, panel }: PageState): string | undefined {
  return baseline.type === 'event' ? baseline.event.key : panel?.event?.previous?.key;
}
