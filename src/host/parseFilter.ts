import { eventFields } from '../core/event';
import { parseSearch, type Search } from '../core/search';
import type { History } from '../history/history';

/** A filter over the documented fields and those that were received beyond them; undefined = no filter. @throws SearchError */
export async function parseFilter(query: string, history: History): Promise<Search | undefined> {
  if (query.trim() === '') return undefined;
  return parseSearch(query, new Set([...eventFields, ...(await history.extraFields())]));
}
