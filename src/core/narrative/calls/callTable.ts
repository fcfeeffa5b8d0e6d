import type { Message } from '../../base/message';
import type { Argument, MatchedCall } from './callArguments';
import { isObject, valueAt, type Call } from './readCall';

/**
 * What calls mean, by service. A row: the pattern, the sentence for what was done, the same as something to do ("attach
 * ..."), and what stands in their places. Of several rows for one pattern the first counts whose words the call names.
 *
 * A pattern is `METHOD path condition`. In the path `*` stands for an id. The condition, if any, is a member that the request
 * must have (`resize`, `resize.volume`), one that must be null (`port_id=null`), or what the query must hold (`?cascade=true`).
 */
export type CallTable = Readonly<Record<string, readonly CallRow[]>>;

export type CallRow = readonly [pattern: string, done: Message, asked: Message, ...words: Argument[]];

/** The call as the row sees it; undefined where the pattern is of another. */
export function matchCall(call: Call, pattern: string): MatchedCall | undefined {
  const [method, path = '', condition = ''] = pattern.split(' ');
  const ids = method === call.method ? matchPath(call.segments, path) : undefined;
  if (!ids) return undefined;
  if (condition === '') return { ...call, ids, asked: call.request.thing };
  if (condition.startsWith('?')) {
    return call.query.split('&').includes(condition.slice(1)) ? { ...call, ids, asked: call.request.thing } : undefined;
  }
  const [name = '', value] = condition.split('=');
  const names = name.split('.');
  const { body, thing } = call.request;
  const found = valueAt(body, names) ?? valueAt(thing, names);
  if (found === undefined || (value === 'null' && found !== null)) return undefined;
  return { ...call, ids, asked: isObject(found) ? found : thing };
}

/** What stands at the `*` of the path; undefined where it does not fit. */
export function matchPath(segments: readonly string[], path: string): string[] | undefined {
  const parts = path.split('/');
  if (parts.length !== segments.length) return undefined;
  const fits = parts.every((part, index) => part === '*' || part === segments[index]);
  return fits ? segments.filter((_, index) => parts[index] === '*') : undefined;
}
