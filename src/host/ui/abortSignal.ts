import type { CancellationToken } from 'vscode';

/** The editor's cancellation as the signal that the rooms below understand. */
export function abortSignal(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  else token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
