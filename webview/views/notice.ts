import { isCancelled } from '../../src/core/base/errors';
import { element } from '../dom';
import type { Language } from '../model/language';

export interface Notice {
  readonly element: HTMLElement;
  /** '' takes the text away. A `good` one goes by itself. */
  tell(text: string, good?: boolean): void;
  /** Resolves with the result, or says what went wrong. */
  perform<T>(work: Promise<T>): Promise<{ readonly value: T } | undefined>;
}

/** The line at the top of the page that says what was done and what went wrong. */
export function createNotice(language: Language): Notice {
  const notice = element('p', { class: 'notice', role: 'alert' });

  function tell(text: string, good = false): void {
    notice.textContent = text;
    notice.classList.toggle('done', good);
    if (good) setTimeout(() => notice.textContent === text && tell(''), 2_000);
  }

  return {
    element: notice,
    tell,
    async perform(work) {
      tell('');
      try {
        return { value: await work };
      } catch (error) {
        if (!isCancelled(error)) tell(language.explain(error));
        return undefined;
      }
    },
  };
}
