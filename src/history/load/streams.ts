import { documentedComponents } from '../../core/event/event';
import type { StreamCoverage } from '../../core/time/missing';
import type { LoaderHistory } from '../history';

/** The metadata `streams` of a connection whose server wants a component named with every request. */
export const perComponent = 'per-component';

/** What is proven to be there of each stream that the connection is loaded in; `components` as the setting has them. */
export async function readStreams(
  history: LoaderHistory,
  components: readonly string[],
  signal: AbortSignal,
): Promise<readonly StreamCoverage[]> {
  const [ofAll, ofAllByAnyone] = await Promise.all([history.coverage(''), history.coverage('', true)]);
  return Promise.all(
    (await streamsOf(history, components, signal)).map(async (stream) => {
      if (stream === '') return { stream, covered: ofAll, byAnyone: ofAllByAnyone };
      const covered = [...ofAll, ...(await history.coverage(stream))];
      return { stream, covered, byAnyone: [...ofAllByAnyone, ...(await history.coverage(stream, true))] };
    }),
  );
}

/** The streams that the connection is loaded in. */
export async function streamsOf(
  history: LoaderHistory,
  components: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (components.length > 0) return components;
  return (await history.metadata('streams')) === perComponent ? knownComponents(history, signal) : [''];
}

/** The documented components [spec] and those seen. */
export async function knownComponents(history: LoaderHistory, signal: AbortSignal): Promise<string[]> {
  const always = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };
  const { days } = await history.counts({ range: always }, 'utc', signal);
  return [...new Set([...documentedComponents, ...days.map((day) => day.source)])].filter((source) => source !== '');
}
