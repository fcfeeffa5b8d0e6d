import { openSearchPanel } from '@codemirror/search';
import { message, type Message } from '../../src/core/base/message';
import { createDiffView, type DiffView } from '../editor/diffView';
import { element } from '../dom';
import type { Difference, ListedChange } from '../model/difference';
import type { Language } from '../model/language';
import type { Answer, PageState } from '../model/state';
import { createChangesBar, type ChangesActions } from '../parts/changesBar';
import { describeComparison, drawNotes, drawSummary } from '../parts/changesSummary';
import { drawComparedEvent } from '../parts/comparedEvent';

/** Below this width (CSS pixels) `auto` means unified. */
const narrow = 700;

/** All that the texts are drawn from. */
interface Drawn {
  readonly answer: Answer;
  readonly split: boolean;
  readonly unchanged: boolean;
}

interface ChangesView {
  readonly element: HTMLElement;
  update(state: PageState): void;
  /** Goes to the next change or the one before; false where there is none. */
  step(direction: 1 | -1): boolean;
  openSearch(): boolean;
}

/** The bodies of the event and its baseline: what changed as a list, then the texts. */
export function createChangesView(language: Language, nonce: string, actions: ChangesActions): ChangesView {
  let diff: DiffView | undefined;
  let drawn: Drawn | undefined;
  let state: PageState | undefined;

  const bar = createChangesBar(language, actions, (direction) => step(direction));
  const { root, about, busy, summary, place, texts } = createAreas(bar.element);
  new ResizeObserver(() => state && update(state)).observe(root);

  function update(next: PageState): void {
    const moved = next.panel?.key !== state?.panel?.key;
    state = next;
    const { panel, answer } = next;
    if (!panel?.event) return;
    bar.update(next);
    const waiting = answer.status === 'waiting';
    root.setAttribute('aria-busy', String(waiting));
    busy.textContent = waiting ? language.say(message('Comparing…')) : '';
    if (waiting && moved) clear(); // another event's changes must not stand there as this one's
    if (waiting) return;
    const baseline = answer.status === 'comparison' ? answer.comparison.baseline : undefined;
    about.hidden = baseline === undefined;
    if (baseline) {
      const open = (): void => actions.openEvent(baseline.key);
      about.replaceChildren(...drawComparedEvent(baseline, panel.event, language, open));
    }
    draw(next);
  }

  function draw(next: PageState): void {
    const { answer, options } = next;
    const { layout, unchanged } = options;
    // An unknown width (the tab is hidden) is taken for a wide one.
    const split = layout === 'auto' ? (root.clientWidth || narrow) >= narrow : layout === 'split';
    if (drawn?.answer === answer && drawn.split === split && drawn.unchanged === unchanged) return;
    const fresh = drawn?.answer !== answer;
    clear(fresh);
    drawn = { answer, split, unchanged };
    diff = createTexts(drawn, language, nonce);
    if (diff) texts.replaceChildren(diff.element);
    if (fresh) summary.replaceChildren(...summarize(next, language, (left, right) => diff?.reveal(left, right)));
  }

  function clear(all = true): void {
    diff?.destroy();
    diff = undefined;
    drawn = undefined;
    texts.replaceChildren();
    place.textContent = '';
    if (all) summary.replaceChildren();
  }

  function step(direction: 1 | -1): boolean {
    const index = diff?.step(direction);
    const lines = state?.answer.status === 'comparison' ? state.answer.difference?.lines : undefined;
    if (index === undefined || !lines?.[index]) return false;
    place.textContent = language.say(describePlace(lines, index, language));
    return true;
  }

  return { element: root, update, step, openSearch: () => diff?.openSearch(openSearchPanel) === true };
}

function createAreas(bar: HTMLElement): Record<'root' | 'about' | 'busy' | 'summary' | 'place' | 'texts', HTMLElement> {
  const about = element('p', { class: 'about' });
  const busy = element('p', { class: 'busy', role: 'status' });
  const summary = element('div', { class: 'summary' });
  const place = element('p', { class: 'hidden', role: 'status' });
  const texts = element('div', { class: 'texts' });
  const root = element('div', { class: 'changes', 'data-testid': 'changes' }, bar, about, busy, summary, place, texts);
  return { root, about, busy, summary, place, texts };
}

/** Undefined where there are no two texts to compare. */
function createTexts({ answer, split, unchanged }: Drawn, language: Language, nonce: string): DiffView | undefined {
  if (answer.status !== 'comparison') return undefined;
  const { comparison, difference } = answer;
  const { left, right } = comparison;
  if (!difference || !left || left.kind === 'tooLarge' || right.kind === 'tooLarge') return undefined;
  const json = left.kind === 'json' && right.kind === 'json';
  return createDiffView({ difference, json, split, unchanged, language, nonce });
}

/** What must be known of the comparison, and what changed as a list; or what went wrong. */
function summarize(
  { answer, baseline, options }: PageState,
  language: Language,
  reveal: DiffView['reveal'],
): (Node | string)[] {
  if (answer.status !== 'comparison') {
    return [element('p', { role: 'alert' }, answer.status === 'failed' ? language.explain(answer.error) : '')];
  }
  const { comparison, difference } = answer;
  const notes = drawNotes(describeComparison(comparison, difference, baseline.type === 'parts'), language);
  if (!difference) return notes;
  const jump = ({ atLeft, atRight }: ListedChange): void => reveal(atLeft, atRight);
  return [...notes, ...drawSummary(difference, options.match, language, jump)];
}

/** Which of the changes it is, for those who do not see it. */
function describePlace(lines: Difference['lines'], index: number, { count }: Language): Message {
  const { fromA, toA, fromB, toB } = lines[index]!;
  return message(
    'Change {0} of {1}, line {2}: {3} lines removed, {4} added',
    count(index + 1),
    count(lines.length),
    count(fromB + 1),
    count(toA - fromA),
    count(toB - fromB),
  );
}
