import type { Serial } from '../../core/base/serial';
import type { EventSource, PageRequest } from '../../core/event/source';
import { preparePage, type PreparedPage } from '../ingest/preparePage';

/** A page as received; it is to be stored, or released. */
export interface ReadPage extends PreparedPage {
  /** What the clock of the server showed, in UTC milliseconds, where it tells. */
  readonly clock: number | undefined;
}

/**
 * Receives a page and prepares it. A large one is the only one of the `large` from its download until it is
 * released: several would take more memory than an editor has to give.
 * @throws RequestError when it fails for good; an AbortError when `signal` is aborted.
 */
export async function readPage(
  source: EventSource,
  large: Serial,
  request: PageRequest,
  signal: AbortSignal,
): Promise<ReadPage> {
  let leave: (() => void) | undefined;
  const onLarge = async (signal: AbortSignal): Promise<void> => {
    leave ??= await large.enter(signal);
  };
  try {
    const bytes = await source.page({ ...request, onLarge }, signal);
    // A part of a bigger buffer cannot be handed over alone.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
    const page = preparePage(own, source.isLocal);
    const release = (): void => {
      page.release();
      leave?.();
    };
    return { ...page, release, clock: source.clock?.() };
  } catch (error) {
    leave?.();
    throw error;
  }
}
