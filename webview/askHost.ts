import type { PanelHost } from '../src/protocol/panel';
import type { Remote } from '../src/protocol/rpc';
import { afterPaint } from './dom';
import type { Answer, Want } from './model/state';
import type * as tabs from './tabs';

/**
 * Asks the host for what the page wants; a new question lets go of the one before.
 * @param onAnswer called twice for a body that comes in two parts
 */
export function createAsk(
  host: Remote<PanelHost>,
  loadTabs: Promise<typeof tabs>,
  onAnswer: (want: Want, answer: Answer) => void,
): (want: Want | undefined) => void {
  let asking: AbortController | undefined;

  async function fetchAnswer(want: Want, signal: AbortSignal): Promise<Answer> {
    if (want.type === 'body') return fetchBody(want, false, signal);
    const comparison = await host.compare(want.key, want.baseline, want.part, signal);
    const { compare } = await loadTabs;
    return { status: 'comparison', comparison, difference: await compare(comparison, want.match, signal) };
  }

  async function fetchBody(
    { key, part, pretty }: Extract<Want, { type: 'body' }>,
    whole: boolean,
    signal: AbortSignal,
  ): Promise<Answer> {
    return { status: 'body', body: await host.body(key, part, pretty, whole, signal) };
  }

  return (want) => {
    asking?.abort();
    if (!want) return;
    asking = new AbortController();
    const { signal } = asking;
    const settle = (answer: Answer): void => onAnswer(want, answer);
    const fail = (error: unknown): void => settle({ status: 'failed', error });
    fetchAnswer(want, signal).then((answer) => {
      settle(answer);
      const hasMore = want.type === 'body' && answer.status === 'body' && 'rest' in answer.body;
      if (hasMore) afterPaint(() => signal.aborted || void fetchBody(want, true, signal).then(settle, fail));
    }, fail);
  };
}
