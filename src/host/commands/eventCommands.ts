import { commands, l10n } from 'vscode';
import type { BodyPart } from '../../core/event/body';
import { UserError } from '../../core/base/errors';
import type { EventSummary } from '../../core/event/event';
import { message } from '../../core/base/message';
import { visibleText } from '../../core/base/visibleText';
import { bodyParts } from '../../protocol/panel';
import { showDocument, type Documents } from '../documents/documents';
import type { Session } from '../session/session';
import { choiceArgument, flagArgument, textArgument } from '../ui/arguments';
import { timeText } from '../ui/timeText';
import { isEventNode, type EventPicker } from './pickEvent';
import { askChoice, askText } from '../ui/prompts';
import type { CommandTable } from '../ui/register';

/** Commands about one event, or two. */
export function eventCommands(
  session: Session,
  picker: EventPicker,
  documents: Documents,
  showChanges: (left: string, right: string) => Promise<void>,
) {
  /** The key of the event that the next one is compared with. */
  let selected: string | undefined;

  async function openPart(summary: EventSummary, part: BodyPart): Promise<void> {
    await showDocument(documents.uri(summary, part));
  }

  async function compare(left: EventSummary, right: EventSummary, part?: BodyPart): Promise<void> {
    const compared = part ?? (await (await session.requireHistory()).comparedPart(left.key, right.key));
    const [before, after] = [left, right].map((event) => `${visibleText(event.action, 60)} ${timeText(event)}`);
    const title = `${before} ↔ ${after} (${partText(compared)})`;
    const [from, to] = [left, right].map((summary) => documents.uri(summary, compared, { sortKeys: true }));
    await commands.executeCommand('vscode.diff', from, to, title, { preview: true });
  }

  return {
    openBody: async (args) => {
      const summary = await picker.event(args);
      await openPart(summary, choiceArgument(args, 'part', bodyParts) ?? (await askPart()));
    },
    openRequest: async (args) => openPart(await picker.event(args), 'request'),
    openResponse: async (args) => openPart(await picker.event(args), 'response'),
    openWhole: async (args) => openPart(await picker.event(args), 'event'),
    compareEvents: async (args) => {
      const part = choiceArgument(args, 'part', bodyParts);
      const chosen = picker.selection();
      const named = textArgument(args, 'left') !== undefined || textArgument(args, 'right') !== undefined;
      const [first, second] = named || chosen.length !== 2 ? [] : oldestFirst(chosen);
      const left = first ?? (await pick(args, 'left', l10n.t('Compare: the earlier event (1/2)')));
      const right = second ?? (await pick(args, 'right', l10n.t('Compare: the later event (2/2)')));
      await compare(left, right, part);
    },
    selectForCompare: async (args) => {
      selected = (await picker.event(args)).key;
      await commands.executeCommand('setContext', 'activityLog.compareSelected', true);
    },
    compareWithSelected: async (args) => {
      if (selected === undefined) throw new UserError(message('Select an event for the comparison first.'));
      await showChanges(selected, await picker.key(args));
    },
    compareSelected: async () => {
      const [left, right] = oldestFirst(picker.selection());
      if (!left || !right) throw new UserError(message('Select two events of the tree to compare them.'));
      await showChanges(left.key, right.key);
    },
    showResourceHistory: async (args) => {
      const event = isEventNode(args) ? args.summary : picker.selection()[0];
      const id = textArgument(args, 'resourceId') ?? event?.resourceId ?? (await askResource());
      if (id.trim() === '') throw new UserError(message('The id is empty.'));
      await session.setSubject({ resourceId: normalizeId(id.trim()) });
      if (flagArgument(args, 'focus') ?? true) await commands.executeCommand('activityLog.events.focus');
    },
  } satisfies CommandTable;

  function pick(args: unknown, name: string, title: string): Promise<EventSummary> {
    return textArgument(args, name) === undefined ? picker.pick(title) : picker.event(args, name);
  }
}

function oldestFirst(events: readonly EventSummary[]): EventSummary[] {
  return [...events].sort((left, right) => (left.time ?? 0) - (right.time ?? 0));
}

function partText(part: BodyPart): string {
  return { request: l10n.t('request'), response: l10n.t('response'), event: l10n.t('whole event') }[part];
}

async function askPart(): Promise<BodyPart> {
  const items = bodyParts.map((part) => ({ label: partText(part), part }));
  return (await askChoice(items, { title: l10n.t('Open as document') })).part;
}

/** UUIDs and project-like ids are stored in lower case. */
function normalizeId(id: string): string {
  return /^[0-9a-f-]{32,36}$/i.test(id) ? id.toLowerCase() : id;
}

function askResource(): Promise<string> {
  return askText({
    title: l10n.t('History of a resource'),
    prompt: l10n.t('The id of the resource, as it stands in addresses and bodies'),
    validateInput: (text) => (text.trim() === '' ? l10n.t('The id is empty.') : undefined),
  });
}
