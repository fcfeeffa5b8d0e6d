import { agentKind } from '../../core/event/agent';
import { message, type Message } from '../../core/base/message';
import { visibleText } from '../../core/base/visibleText';
import type { Activity, LastEvent } from '../../history/history';

/** Numbers and times in words. */
interface Words {
  readonly count: (value: number) => string;
  readonly ago: (time: number) => string;
}

/** "12 events, last: resize by a@b 2 hours ago, from the console" */
export function activityText({ events, last }: Activity, words: Words): Message {
  const count = events === 1 ? message('1 event') : message('{0} events', words.count(events));
  if (!last) return count;
  const user = visibleText(last.userEmail || last.userId.slice(0, 8), 60);
  return message(
    '{0}, last: {1} {2} {3}{4}',
    count,
    actionText(last),
    user === '' ? '' : message('by {0}', user),
    last.time === undefined ? '' : words.ago(last.time),
    agentText(last.userAgent),
  );
}

function actionText({ action, method, outcome }: LastEvent): Message | string {
  const name = visibleText(action || method, 60);
  return outcome === 'failure' ? message('{0} (failed)', name) : name;
}

/** With the comma before it; '' where the program says nothing of itself that is known. */
export function agentText(userAgent: string): Message | string {
  const { kind, name } = agentKind(userAgent);
  if (kind === 'unknown') return '';
  return kind === 'console' ? message(', from the console') : message(', through {0}', visibleText(name, 40));
}
