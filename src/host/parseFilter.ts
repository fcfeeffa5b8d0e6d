import { eventFields } from '../core/event';
import { parseSearch, type Search } from '../core/search';
import type { Log } from '../core/log';
import type { History } from '../history/history';

/** A filter over the documented fields and those that were received beyond them; undefined = no filter. @throws SearchError */
export async function parseFilter(query: string, history: History): Promise<Search | undefined> {
  if (query.trim() === '') return undefined;
  return parseSearch(query, new Set([...eventFields, ...(await history.extraFields())]));
}

/** The remembered filter, or none where it cannot be read any more. */
export async function restoreFilter(
  query: string,
  history: History,
  log: Log,
): Promise<{ readonly query: string; readonly search: Search | undefined }> {
  try {
    return { query, search: await parseFilter(query, history) };
  } catch (error) {
    log.warn(`The remembered filter is dropped: ${String(error)}`);
    return { query: '', search: undefined };
  }
}
