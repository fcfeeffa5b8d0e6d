import { UserError } from '../../core/base/errors';
import { eventFields } from '../../core/event/event';
import { message, type Message } from '../../core/base/message';
import { parseSearch, type Search } from '../../core/search/search';
import type { History } from '../../history/history';

/** A filter over the documented fields and those that were received beyond them; undefined = no filter. @throws SearchError */
export async function parseFilter(query: string, history: History): Promise<Search | undefined> {
  if (query.trim() === '') return undefined;
  return parseSearch(query, new Set([...eventFields, ...(await history.extraFields())]));
}

/** The remembered filter; none where it cannot be read any more, which is told with its text, so that it is not lost. */
export async function restoreFilter(
  query: string,
  history: History,
  say: (notice: Message) => void,
): Promise<{ readonly query: string; readonly search: Search | undefined }> {
  try {
    return { query, search: await parseFilter(query, history) };
  } catch (error) {
    const reason = error instanceof UserError ? error.text : String(error);
    say(message('The filter of this connection is not used, for it cannot be read: {0} It was: {1}', reason, query));
    return { query: '', search: undefined };
  }
}
