import {
  env,
  l10n,
  languages,
  Hover,
  type Disposable,
  type MarkdownString,
  type TextDocument,
  type Position,
} from 'vscode';
import { relativeTime } from '../../core/base/relativeTime';
import { visibleText } from '../../core/base/visibleText';
import type { EventSummary } from '../../core/event/event';
import type { History } from '../../history/history';
import { abortSignal } from '../ui/abortSignal';
import type { CodeIndex } from './codeIndex';
import type { Session } from '../session/session';
import { translate } from '../ui/translate';
import { countText } from '../ui/countText';
import { outcomeText } from '../ui/outcomeText';
import { joinMarkdown, markdown, markdownLink } from '../ui/markdown';
import { agentText } from './activityText';

const idPattern = /(?<![\w-])(?:[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|[\da-f]{32})(?![\w-])/i;

const openEvent = 'activityLog.openEvent';
const showHistory = 'activityLog.showResourceHistory';
const goToCode = 'activityLog.goToCodeOf';

/** Events shown of an id. */
const most = 3;

/** The id at a place of a document, and where it stands. */
export function idAt(document: TextDocument, position: Position) {
  const range = document.getWordRangeAtPosition(position, idPattern);
  return range && { id: document.getText(range).toLowerCase(), range };
}

/** Tells in any file what happened last to the resource whose id is under the pointer. */
export function showHovers(session: Session, code: CodeIndex): Disposable {
  return languages.registerHoverProvider('*', {
    async provideHover(document, position, token) {
      const found = idAt(document, position);
      const { history, range } = session;
      if (!found || !history) return undefined;
      const signal = abortSignal(token);
      const { id } = found;
      const [known, [activity], { items }] = await Promise.all([
        code.find([id], signal),
        history.activity([{ resources: [[id]] }], range, signal),
        history.list({ view: { range, resourceId: id }, limit: most }, signal),
      ]);
      const [first] = known.get(id) ?? [];
      const address = first && first.naming !== 'attribute' ? first.resource.address : undefined;
      if (!activity || (activity.events === 0 && address === undefined)) return undefined;
      // A command and no address of a line: the file may change before somebody follows it.
      const parts =
        address === undefined
          ? []
          : [
              markdown`**${markdownLink(visibleText(address), { command: goToCode, argument: { resourceId: id } })}**\n\n`,
            ];
      for (const event of items) parts.push(await eventLine(event, history));
      const count = l10n.t('All events in the chosen time range: {0}', countText(activity.events));
      parts.push(markdown`\n${markdownLink(count, { command: showHistory, argument: { resourceId: id } })}`);
      return new Hover(joinMarkdown(parts, [openEvent, showHistory, goToCode]), found.range);
    },
  });
}

async function eventLine(event: EventSummary, history: History): Promise<MarkdownString> {
  const story = await history.story(event.key);
  const when =
    event.time === undefined ? visibleText(event.timestamp) : relativeTime(env.language)(event.time, Date.now());
  const agent = agentText(event.userAgent);
  const who = visibleText(event.userEmail || event.userId, 80);
  const what = story ? translate(story.sentence) : event.action;
  const facts = [outcomeText(event.outcome), who].filter((part) => part !== '').join(', ');
  const told = visibleText(`${what} — ${facts}${typeof agent === 'string' ? agent : translate(agent)}`);
  const opened = markdownLink(when || l10n.t('(no date)'), { command: openEvent, argument: { eventId: event.key } });
  return markdown`- ${opened} ${told}\n`;
}
