import type { PageRequest } from '../../core/event/source';
import type { LogFile } from './openLogFile';

/** What the worker that reads a saved log is asked. */
export interface LogReader {
  /** To be called first, and once. See openLogFile. */
  open(path: string, signal: AbortSignal): Promise<Omit<LogFile, 'source' | 'dispose'>>;
  page(request: PageRequest, signal: AbortSignal): Promise<Uint8Array>;
}
