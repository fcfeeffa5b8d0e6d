import { openSearchPanel } from '@codemirror/search';
import { message } from '../../src/core/base/message';
import { visibleText } from '../../src/core/base/visibleText';
import type { ComparedEvent } from '../../src/protocol/panel';
import { createChangesBar, type ChangesActions } from './changesBar';
import { describeComparison, drawNotes, drawSummary } from './changesSummary';
import { createDiffView, type DiffView } from '../editor/diffView';
import { element } from '../dom';
import type { Language } from '../model/language';
import type { Answer, PageState } from '../model/state';

/** Below this width (CSS pixels) `auto` means unified. */
const narrow = 700;

type Compared = Extract<Answer, { status: 'comparison' }>;

/** The bodies of the event and its baseline: what changed as a list, then the texts. */
export function createChangesView(
  language: Language,
  nonce: string,
  actions: ChangesActions,
): {
  element: HTMLElement;
  update(state: PageState, now: number): void;
  /** Goes to the next change or the one before; false where there is none. */
  step(direction: 1 | -1): boolean;
  openSearch(): boolean;
} {
  const { say, count } = language;
  let diff: DiffView | undefined;
  let drawn: { answer: Answer; split: boolean; unchanged: boolean } | undefined;
  let state: PageState | undefined;
  let now = 0;

  const bar = createChangesBar(language, actions, (direction) => step(direction));
  const about = element('p', { class: 'about' });
  const summary = element('div', { class: 'summary' });
  const place = element('p', { class: 'hidden', role: 'status' });
  const busy = element('p', { class: 'busy', role: 'status' });
  const texts = element('div', { class: 'texts' });
  const root = element(
    'div',
    { class: 'changes', 'data-testid': 'changes' },
    bar.element,
    about,
    busy,
    summary,
    place,
    texts,
  );
  new ResizeObserver(() => state && update(state, now)).observe(root);

  function update(next: PageState, time: number): void {
    const moved = next.panel?.key !== state?.panel?.key;
    state = next;
    now = time;
    const { panel, answer, options } = next;
    if (!panel?.event) return;
    bar.update(next);
    const waiting = answer.status === 'waiting';
    root.setAttribute('aria-busy', String(waiting));
    busy.textContent = waiting ? say(message('Comparing…')) : '';
    if (waiting && moved) clear(); // another event's changes must not stand there as this one's
    if (waiting) return;
    drawAbout(answer.status === 'comparison' ? answer.comparison.baseline : undefined, panel.event.time);
    // An unknown width (the tab is hidden) is taken for a wide one.
    const split = options.layout === 'auto' ? (root.clientWidth || narrow) >= narrow : options.layout === 'split';
    if (drawn?.answer === answer && drawn.split === split && drawn.unchanged === options.unchanged) return;
    const fresh = drawn?.answer !== answer;
    clear(fresh);
    drawn = { answer, split, unchanged: options.unchanged };
    if (answer.status === 'comparison') drawComparison(answer, fresh, split);
    else {
      const text = answer.status === 'failed' ? language.explain(answer.error) : '';
      summary.replaceChildren(element('p', { role: 'alert' }, text));
    }
  }

  function clear(all = true): void {
    diff?.destroy();
    diff = undefined;
    drawn = undefined;
    texts.replaceChildren();
    place.textContent = '';
    if (all) summary.replaceChildren();
  }

  /** "resize · 2026-11-03 11:20:13 (19 days before) · ivan@example.test". */
  function drawAbout(event: ComparedEvent | undefined, here: number | undefined): void {
    about.hidden = event === undefined;
    if (!event) return;
    const link = element(
      'button',
      { id: 'baseline-event', class: 'link', type: 'button', title: say(message('Open this event')) },
      visibleText(event.action, 80) || say(message('(no action)')),
    );
    link.addEventListener('click', () => actions.openEvent(event.key));
    const { time } = event;
    const span = time === undefined || here === undefined ? undefined : language.span(here - time);
    const later = time !== undefined && here !== undefined && time > here;
    const distance = span && ` (${say(later ? message('{0} after', span) : message('{0} before', span))})`;
    about.replaceChildren(
      link,
      ...[`${visibleText(event.moment, 60)}${distance ?? ''}`, visibleText(event.user, 80)]
        .filter((text) => text !== '')
        .flatMap((text) => [' · ', element('bdi', {}, text)]),
      ...(event.outcome === 'failure' ? [` · ${say(message('failed'))}`] : []),
    );
  }

  function drawComparison({ comparison, difference }: Compared, fresh: boolean, split: boolean): void {
    const { left, right } = comparison;
    const options = state?.options;
    if (difference && options && left && left.kind !== 'tooLarge' && right.kind !== 'tooLarge') {
      diff = createDiffView({
        difference,
        json: left.kind === 'json' && right.kind === 'json',
        split,
        unchanged: options.unchanged,
        language,
        nonce,
      });
      texts.replaceChildren(diff.element);
    }
    if (!fresh) return;
    const notes = describeComparison(comparison, difference, state?.baseline.type === 'parts');
    summary.replaceChildren(
      ...drawNotes(notes, language),
      ...(difference
        ? drawSummary(difference, options?.match === true, language, (change) =>
            diff?.reveal(change.atLeft, change.atRight),
          )
        : []),
    );
  }

  function step(direction: 1 | -1): boolean {
    const index = diff?.step(direction);
    const lines = state?.answer.status === 'comparison' ? state.answer.difference?.lines : undefined;
    const hunk = index === undefined ? undefined : lines?.[index];
    if (index === undefined || !lines || !hunk) return false;
    place.textContent = say(
      message(
        'Change {0} of {1}, line {2}: {3} lines removed, {4} added',
        count(index + 1),
        count(lines.length),
        count(hunk.fromB + 1),
        count(hunk.toA - hunk.fromA),
        count(hunk.toB - hunk.fromB),
      ),
    );
    return true;
  }

  return { element: root, update, step, openSearch: () => diff?.openSearch(openSearchPanel) === true };
}
