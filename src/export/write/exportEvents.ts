import { UserError } from '../../core/base/errors';
import type { ActivityEvent } from '../../core/event/event';
import { message, type Message } from '../../core/base/message';
import { formats, type ExportFormat } from './formats';
import { TargetFile } from './targetFile';
import type { Batches } from './writer';

export interface ExportOptions {
  /** Whether csv and tsv disarm texts that a spreadsheet would take for a formula. */
  readonly formulaGuard: boolean;
  /** The address that opens an event in the editor, for formats with links; it holds nothing but word characters and `:/.?=&%-`. */
  readonly link?: ((event: ActivityEvent) => string | undefined) | undefined;
  /** How much of the log the events can be at most, for formats with a head. */
  readonly note?: Message | undefined;
}

/**
 * Writes the events as they are handed over (masking secrets is up to the caller) and returns where and how many.
 * The file appears only when it is complete; a failure or a cancel leaves nothing behind and an existing file untouched.
 * @throws UserError when the file cannot be written; what `batches` throws; an AbortError when `signal` is aborted
 */
export async function exportEvents(
  format: ExportFormat,
  path: string,
  batches: Batches,
  options: ExportOptions,
  signal: AbortSignal,
): Promise<{ path: string; events: number }> {
  signal.throwIfAborted();
  // Scripts hand over any text.
  if (!Object.hasOwn(formats, format)) {
    throw new UserError(
      message('{0} is not an export format. Use one of {1}.', format, Object.keys(formats).join(', ')),
    );
  }
  let events = 0;
  async function* counted(): Batches {
    for await (const batch of batches) {
      signal.throwIfAborted();
      events += batch.length;
      yield batch;
    }
  }
  const file = await TargetFile.create(path);
  try {
    const context = { ...options, signal, createScratch: () => file.createScratch() };
    for await (const chunk of formats[format].write(counted(), context)) {
      await file.append(chunk);
      signal.throwIfAborted();
    }
    await file.commit();
  } finally {
    await file.clean();
  }
  return { path, events };
}
