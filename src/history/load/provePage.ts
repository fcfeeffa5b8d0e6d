import { message, type Message } from '../../core/base/message';
import type { PageRequest } from '../../core/event/source';
import type { DecodedPage } from '../ingest/preparePage';
import type { Chain } from './chain';

const second = 1000;

/** Why a page does not answer its question. */
export interface Doubt {
  readonly kind: 'component' | 'times' | 'repeated';
  readonly reason: Message;
}

export type Question = Pick<PageRequest, 'component' | 'from' | 'to'>;

/**
 * What speaks against a page as an answer to its question; undefined where nothing does. A second beyond the asked times is
 * let pass: servers round.
 */
export function doubtPage({ component, from, to }: Question, page: DecodedPage): Doubt | undefined {
  const { newest, oldest, sources } = page;
  if (component !== undefined && sources.some((source) => source !== component)) {
    const reason = message(
      'The server sent events of other components than the one it was asked for. Leave the setting activityLog.components empty, so that all are loaded together.',
    );
    return { kind: 'component', reason };
  }
  if (newest === undefined || oldest === undefined) return undefined;
  if (newest <= to + second && oldest >= from - second) return undefined;
  const reason = message(
    'The server, or a proxy on the way to it, sent events of other times than it was asked for. Refresh to try again; if this persists, report it to whoever runs them.',
  );
  return { kind: 'times', reason };
}

/** Where in its chain a page stood. */
interface Place {
  readonly component: string | undefined;
  /** The print of the page before it; undefined for the first. */
  readonly after: string | undefined;
}

/** Where the pages of a load stood, to see one that comes where another belongs. */
export class PagePlaces {
  readonly #places = new Map<string, Place>();

  /** Takes note of a page that is next in a chain. What speaks against it: it stood elsewhere before. */
  add(component: string | undefined, { print, records }: DecodedPage, chain: Chain): Doubt | undefined {
    if (records === 0) return undefined;
    const place = { component, after: chain.print };
    const before = this.#places.get(print);
    if (chain.has(print) || (before !== undefined && isElsewhere(before, place)))
      return { kind: 'repeated', reason: message('The server sent the same page again.') };
    if (before?.after === undefined) this.#places.set(print, place);
    return undefined;
  }
}

/** The first page of a chain is asked for by times, and the same events may answer many of these. */
function isElsewhere(before: Place, place: Place): boolean {
  if (place.after === undefined) return false;
  return before.component !== place.component || (before.after ?? place.after) !== place.after;
}
