import { UserError } from '../core/base/errors';
import type { Disposable } from '../core/base/lifecycle';
import { message } from '../core/base/message';
import type { FileReader, TerraformIndex } from '../protocol/terraform';
import type { Remote } from '../protocol/rpc';
import { startWorker } from '../protocol/startWorker';

interface OpenedIndex extends Disposable {
  readonly index: Remote<TerraformIndex>;
}

/**
 * Starts an empty index in a worker thread of its own. Should the worker die, all open and later calls reject with a `UserError`: so it
 * does when it needs more memory than any workspace within the index's bounds, which the extension host is to survive.
 */
export function openIndex(workerPath: string, reader: FileReader, maxOldGenerationSizeMb = 1024): OpenedIndex {
  const { remote, dispose } = startWorker<TerraformIndex>(workerPath, {
    name: 'activity-log-code',
    resourceLimits: { maxOldGenerationSizeMb },
    handlers: reader,
    died: (cause) => new UserError(message('The files of this workspace cannot be indexed.'), { cause }),
  });
  return { index: remote, dispose: () => void dispose() };
}
