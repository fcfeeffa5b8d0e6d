import { l10n, ThemeColor, Uri, window, type Disposable } from 'vscode';

const scheme = 'activity-log-outside';

/** The address by which a row is known for an event that changed something outside Terraform. */
export const outsideUri = Uri.from({ scheme, path: '/event' });

/** Marks such rows. */
export function decorateOutside(): Disposable {
  return window.registerFileDecorationProvider({
    provideFileDecoration: ({ scheme: own }) =>
      own === scheme
        ? { badge: '≠', color: new ThemeColor('list.warningForeground'), tooltip: outsideText() }
        : undefined,
  });
}

export function outsideText(): string {
  return l10n.t('Changed outside Terraform since the last apply (a guess from the user agent)');
}
