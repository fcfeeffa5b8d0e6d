import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';
import { startWorker } from '../protocol/startWorker';
import type { Findings } from './searchClouds';
import type { HomePlaces } from './places';

/** What is asked: what one file tells, or all files that are usual. */
export interface Question {
  readonly file: string | undefined;
  readonly surroundings: HomePlaces;
}

/** What the worker does. */
export interface CloudFinder {
  /** @throws UserError */
  find(question: Question, signal: AbortSignal): Promise<Findings>;
}

/** The worker that reads. */
interface Reader {
  readonly path: string;
  /** Reading takes a moment; longer does only what was made to. */
  readonly longestMs?: number;
  /** Twice what anything takes within the bounds of searchClouds.ts and parseYaml.ts. */
  readonly maxMemoryMb?: number;
}

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
  const { remote, dispose } = startWorker<CloudFinder>(path, {
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb, stackSizeMb: 2 },
    died: tooMuch,
  });
  try {
    return await remote.find(question, AbortSignal.any([signal, AbortSignal.timeout(longestMs)]));
  } catch (cause) {
    if (signal.aborted || cause instanceof UserError) throw cause;
    throw tooMuch(cause);
  } finally {
    void dispose();
  }
}

function tooMuch(cause: unknown): UserError {
  return new UserError(message('The files take too much time or memory to read. Choose one file that you know.'), {
    cause,
  });
}
