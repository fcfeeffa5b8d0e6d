import { l10n } from 'vscode';
import { formatMoment, parseEnd, parseMoment, presetNames } from '../../core/time/days';
import { readTime } from '../../core/time/time';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { inclusiveRange, type Range } from '../../core/time/range';
import type { Grouping, RangeChoice } from '../session/choices';
import { parseFilter } from '../session/parseFilter';
import { presetText } from '../session/rangeText';
import type { Session } from '../session/session';
import { setting } from '../ui/settings';
import { errorText } from '../ui/translate';
import type { EventTree } from '../tree/eventTree';
import type { MoreNode } from '../tree/nodes';
import { choiceArgument, textArgument } from '../ui/arguments';
import { askChoice, askText } from '../ui/prompts';
import { isInteractive, type CommandTable } from '../ui/register';

/** Commands that decide what the view shows. */
export function viewCommands(
  session: Session,
  tree: EventTree,
  /** When a Terraform state of the workspace was last written. */
  lastApply: () => Promise<number | undefined>,
) {
  return {
    refresh: () => session.refresh(),
    refreshView: () => session.refreshQuietly(),
    loadAgain: async (args) => session.refresh(false, timesArgument(args)),
    retryGap: () => session.refreshQuietly(),
    stopLoading: () => session.stopLoading(),
    showMore: (args) => tree.showMore(args as MoreNode),
    setTimeRange: async (args) => {
      await session.requireHistory();
      await session.setRange((await rangeArgument(args, lastApply)) ?? (await askRange(session, await lastApply())));
      await (isInteractive(args) ? session.refreshQuietly() : session.refresh());
    },
    setFilter: async (args) => session.setFilter(textArgument(args, 'query') ?? (await askFilter(session))),
    clearFilter: () => session.setSubject({}),
    setGrouping: async (args) =>
      session.setGrouping(choiceArgument(args, 'by', ['component', 'day']) ?? (await askGrouping())),
  } satisfies CommandTable;
}

async function rangeArgument(
  args: unknown,
  lastApply: () => Promise<number | undefined>,
): Promise<RangeChoice | undefined> {
  const preset = choiceArgument(args, 'preset', [...presetNames, sinceApply]);
  if (preset === sinceApply) return { since: (await lastApply()) ?? noState() };
  if (preset) return { preset };
  const from = textArgument(args, 'from');
  const to = textArgument(args, 'to');
  if (from === undefined && to === undefined) return undefined;
  return exactRange(exactTime('from', from), exactTime('to', to));
}

/** The times that are named; what is left out is up to the range. */
function timesArgument(args: unknown): Partial<Range> {
  const [from, to] = ['from', 'to'].map((name) => {
    const text = textArgument(args, name);
    return text === undefined ? undefined : exactTime(name, text);
  });
  if (from !== undefined && to !== undefined) return exactRange(from, to);
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to: inclusiveRange(to, to).to }) };
}

const sinceApply = 'sinceApply';

function noState(): never {
  throw new UserError(message('No Terraform state of this workspace can be read, so the last apply is not known.'));
}

function exactTime(name: string, text: string | undefined): number {
  const time = text === undefined ? undefined : readTime(text);
  if (time !== undefined) return time;
  throw new UserError(message('"{0}" must be a time as in RFC 3339, for example 2021-07-16T13:13:20Z.', name));
}

function exactRange(from: number, to: number): Range {
  if (to < from) throw new UserError(message('The time range ends before it begins.'));
  return inclusiveRange(from, to);
}

async function askRange(session: Session, applied: number | undefined): Promise<RangeChoice> {
  const zone = setting('timeZone');
  const zoneText = zone === 'utc' ? 'UTC' : l10n.t('local time');
  const items: { label: string; description?: string; range: RangeChoice | undefined }[] = [
    ...presetNames.map((preset) => ({ label: presetText(preset), range: { preset } })),
    { label: l10n.t('Exact times…'), description: zoneText, range: undefined },
  ];
  if (applied !== undefined) {
    const description = formatMoment(applied, zone);
    items.unshift({ label: l10n.t('since the last apply'), description, range: { since: applied } });
  }
  const { range } = await askChoice(items, { title: l10n.t('Time range') });
  if (range) return range;
  const prompt = l10n.t('yyyy-MM-dd HH:mm:ss in {0}, or RFC 3339. The time of day may be left out.', zoneText);
  const askMoment = async (title: string, value: number, parse: typeof parseMoment): Promise<number> => {
    const validateInput = (text: string): string | undefined =>
      parse(text, zone) === undefined ? l10n.t('Not a time. Example: {0}', formatMoment(Date.now(), zone)) : undefined;
    return parse(await askText({ title, prompt, value: formatMoment(value, zone), validateInput }), zone) ?? value;
  };
  const from = await askMoment(l10n.t('From (1/2)'), session.range.from, parseMoment);
  return exactRange(from, await askMoment(l10n.t('To (2/2)'), session.range.to - 1000, parseEnd));
}

async function askFilter(session: Session): Promise<string> {
  const check = async (text: string): Promise<string | undefined> => {
    try {
      await parseFilter(text, await session.requireHistory());
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  };
  return askText({
    title: l10n.t('Filter events'),
    value: session.choice.query,
    placeHolder: 'source=nova AND success=no AND NOT action:console',
    prompt: l10n.t(
      'field=value, <>, <, >, <=, >=, ":" (contains), EXIST, AND, OR, NOT, parentheses; a bare word searches all fields. Empty: no filter.',
    ),
    validateInput: check,
  });
}

async function askGrouping(): Promise<Grouping> {
  const items: { label: string; by: Grouping }[] = [
    { label: l10n.t('Component, then day'), by: 'component' },
    { label: l10n.t('Day, then component'), by: 'day' },
  ];
  return (await askChoice(items, { title: l10n.t('Group by') })).by;
}
