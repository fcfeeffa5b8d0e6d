import { message } from '../../src/core/base/message';
import { element, icon } from '../dom';
import type { Language } from '../model/language';

/** A small button that copies and says so. `id` keeps the focus over redraws. */
export function createCopyButton(
  id: string,
  label: string,
  language: Language,
  copy: () => Promise<boolean>,
): HTMLElement {
  const button = element(
    'button',
    { id, class: 'copy', type: 'button', title: label, 'aria-label': label },
    icon('copy'),
  );
  button.addEventListener('click', () => {
    void copy().then((done) => {
      if (!done) return;
      button.replaceChildren(
        icon('done'),
        element('span', { class: 'hidden', role: 'status' }, language.say(message('Copied'))),
      );
      setTimeout(() => button.replaceChildren(icon('copy')), 1_500);
    });
  });
  return button;
}
