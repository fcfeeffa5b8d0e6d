import type { Range } from '../../core/time/range';
import { transfer } from '../../protocol/rpc';
import type { LoaderHistory } from '../history';
import type { BatchOfPage, PreparedPage } from '../ingest/preparePage';

/**
 * Stores a page batch by batch, each when the one before is stored, and lets the page go. The times of `stream` that are
 * complete with the page count with its last batch. Returns how many events were new.
 */
export async function storePage(
  history: Pick<LoaderHistory, 'store'>,
  page: PreparedPage,
  stream: string,
  complete: Range | undefined,
  chain?: number,
): Promise<number> {
  let added = 0;
  try {
    for (const { batch, isLast } of page.batches())
      added += await history.store(handOver(batch), stream, isLast ? complete : undefined, chain);
    return added;
  } finally {
    page.release();
  }
}

function handOver(batch: BatchOfPage['batch']): BatchOfPage['batch'] {
  const parts = Object.values(batch).filter((part) => ArrayBuffer.isView(part));
  return transfer(batch, [...new Set(parts.map(({ buffer }) => buffer as ArrayBuffer))]);
}
