import { ProgressLocation, window, type CancellationToken, type ProgressOptions } from 'vscode';
import { inertText } from '../../core/base/inertText';

/**
 * Shows that `work` goes on: as a notification with a button that ends it, unless `location` says otherwise. `report` tells how far
 * it is. No text becomes a link or an icon, whoever wrote it.
 */
export function showProgress<T>(
  title: string,
  work: (token: CancellationToken, report: (message: string) => void) => Promise<T>,
  location: ProgressOptions['location'] = ProgressLocation.Notification,
): Thenable<T> {
  const cancellable = location === ProgressLocation.Notification;
  return window.withProgress({ location, title: inertText(title), cancellable }, (progress, token) =>
    work(token, (message) => progress.report({ message: inertText(message) })),
  );
}
