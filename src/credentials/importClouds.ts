import { Worker } from 'node:worker_threads';
import { UserError } from '../core/base/errors';
import { message, type Message } from '../core/base/message';
import type { Findings } from './searchClouds';
import type { Surroundings } from './places';

/** What the worker is asked: what one file tells, or all files that are usual. */
export interface Question {
  readonly file: string | undefined;
  readonly surroundings: Surroundings;
}

/** The worker that reads. */
interface Reader {
  readonly path: string;
  /** Reading takes a moment; longer does only what was made to. */
  readonly longestMs?: number;
  /** Twice what anything takes within the bounds of searchClouds.ts and parseYaml.ts. */
  readonly maxMemoryMb?: number;
}

export type Outcome = { readonly findings: Findings } | { readonly problem: Message };

/**
 * Looks for clouds in a thread of its own, because files that others have written may be anything: it is ended when it takes too long
 * or too much memory, and never holds up the editor.
 * @throws UserError; an AbortError when `signal` is aborted
 */
export async function importClouds(
  question: Question,
  { path, longestMs = 10_000, maxMemoryMb = 512 }: Reader,
  signal: AbortSignal,
): Promise<Findings> {
  signal.throwIfAborted();
  const worker = new Worker(path, {
    workerData: question,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb, stackSizeMb: 2 },
  });
  const time = AbortSignal.timeout(longestMs);
  const ended = AbortSignal.any([signal, time]);
  try {
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('The worker ended without an answer')));
      ended.addEventListener('abort', () => reject(ended.reason as Error));
    });
    if ('findings' in outcome) return outcome.findings;
    throw new UserError(outcome.problem);
  } catch (cause) {
    if (signal.aborted || cause instanceof UserError) throw cause;
    throw new UserError(message('The files take too much time or memory to read. Choose one file that you know.'), {
      cause,
    });
  } finally {
    void worker.terminate();
  }
}
