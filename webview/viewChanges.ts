import { message, type Message } from '../src/core/message';
import { visibleText } from '../src/core/visibleText';
import type { Baseline, ComparedPart, Comparison, PanelBody, PanelEvent } from '../src/protocol/panel';
import { findChangedPaths, showValue, type ChangedPath } from './changedPaths';
import { createDiffView, type DiffView } from './diffView';
import { element } from './dom';
import { explain, type Language } from './language';
import { createBudget } from './sequenceDiff';
import type { Answer, Options, PageState } from './state';
import { createButton, createCheckbox, createDropdown } from './toolkit';
import { openSearchPanel } from '@codemirror/search';

export interface ChangesActions {
  setBaseline(baseline: Baseline): void;
  setPart(part: ComparedPart): void;
  setOptions(options: Partial<Options>): void;
  pickBaseline(): void;
  openDiff(left: string, right: string, part: ComparedPart): void;
}

/** More changed values than this are counted, not listed. */
const mostListed = 200;
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
      ? say(message('previous event of this resource: {0}', describe(event.previous)))
      : say(message('previous event of this resource: no earlier event loaded'));
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
        { value: 'auto', label: say(message('Layout by width')) },
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
    const notes = [describeKind(left, 'left', comparison.part), describeKind(right, 'right', comparison.part)];
    if (!isText(left) && !isText(right)) {
      summary.replaceChildren(...notes.map((note) => element('p', { class: 'words' }, note)));
      return;
    }
    const json = left.kind === 'json' && right.kind === 'json';
    diff = createDiffView({ left: left.text, right: right.text, json, split, unchanged: unfolded, language, nonce });
    texts.replaceChildren(diff.element);
    if (diff.coarse)
      notes.push(
        say(message('These texts differ too much to be compared line by line: parts are shown as one block.')),
      );
    if (!fresh) return;
    summary.replaceChildren(
      ...notes.filter((note) => note !== '').map((note) => element('p', { class: 'note' }, note)),
    );
    const changed = json ? findChangedPaths(left.text, right.text, createBudget()) : undefined;
    if (changed) summary.append(...drawSummary(changed, comparison.changedSecrets));
    else if (left.text === right.text)
      summary.append(element('p', { class: 'words' }, say(message('No differences.'))));
  }

  function describeKind(
    body: Exclude<PanelBody, { kind: 'tooLarge' }>,
    side: 'left' | 'right',
    part: ComparedPart,
  ): string {
    const name =
      state?.baseline.type === 'parts'
        ? side === 'left'
          ? message('The request body')
          : message('The response body')
        : part === 'request'
          ? side === 'left'
            ? message('The request body of the baseline')
            : message('The request body of this event')
          : side === 'left'
            ? message('The response body of the baseline')
            : message('The response body of this event');
    switch (body.kind) {
      case 'json':
        return '';
      case 'text':
        return say(message('{0} is plain text, no JSON.', say(name)));
      case 'brokenJson':
        return say(message('{0} is broken JSON, compared as text.', say(name)));
      case 'empty':
        return say(message('{0} is empty.', say(name)));
      case 'binary':
        return say(message('{0} is binary data, which the log does not keep.', say(name)));
      case 'missing':
        return say(message('{0} was not recorded.', say(name)));
    }
  }

  function drawSummary(changed: readonly ChangedPath[], changedSecrets: readonly string[]): HTMLElement[] {
    const total = changed.length + changedSecrets.length;
    if (total === 0)
      return [element('p', { class: 'words' }, say(message('No differences. The order of keys is ignored.')))];
    const items = [
      ...changed.slice(0, mostListed).map(drawChange),
      ...changedSecrets
        .slice(0, mostListed)
        .map((path) =>
          element(
            'li',
            {},
            element('span', { class: 'path' }, visibleText(path)),
            ': ',
            say(message('secret values that differ')),
          ),
        ),
    ];
    const rest = total - items.length;
    return [
      element('ul', { class: 'paths', 'aria-label': say(message('Changed values')), tabindex: '0' }, ...items),
      element(
        'p',
        { class: 'none' },
        rest > 0 ? `${say(message('and {0} more', language.count(rest)))} · ` : '',
        say(message('key order ignored')),
      ),
    ];
  }

  function drawChange({ path, left, right, atLeft, atRight }: ChangedPath): HTMLElement {
    const jump = element(
      'button',
      { type: 'button', class: 'path', title: say(message('Go to this place')) },
      visibleText(path || '$'),
    );
    jump.addEventListener('click', () => diff?.reveal(atLeft, atRight));
    const value = (tag: string, raw: string, other: string | undefined): HTMLElement =>
      element(tag, {}, visibleText(showValue(raw, other)));
    if (left !== undefined && right !== undefined) {
      return element('li', {}, jump, ': ', value('del', left, right), ' → ', value('ins', right, left));
    }
    return right !== undefined
      ? element('li', {}, jump, ': ', say(message('added')), ' ', value('ins', right, undefined))
      : element('li', {}, jump, ': ', say(message('removed')), ' ', value('del', left ?? '', undefined));
  }

  return { element: root, update, openSearch: () => diff?.openSearch(openSearchPanel) === true };
}

function isText(body: PanelBody): boolean {
  return body.kind === 'json' || body.kind === 'text' || body.kind === 'brokenJson';
}

function baselineKey({ baseline, panel }: PageState): string | undefined {
  return baseline.type === 'event' ? baseline.event.key : panel?.event?.previous?.key;
}
