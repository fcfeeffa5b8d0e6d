import { setImmediate as nextTurn } from 'node:timers/promises';
import { fitBody, maskBody, presentBodyUpTo, type Body, type BodyPart, type BodyUpTo } from '../../core/event/body';
import { comparedPart, hasContent } from '../../core/event/comparedPart';
import type { ActivityEvent } from '../../core/event/event';
import { gone } from '../../core/event/gone';
import type { Range } from '../../core/time/range';
import { covers } from '../../core/time/ranges';
import type { ComparedEvent, Comparison } from '../../protocol/panel';
import { settlingTime, type CompareQuestion, type Shown } from '../history';
import type { FoundEvent, Reader } from './reader';
import { shownSummary, toNeighbour, userOf } from './shownEvent';

/** Earlier events that may be passed over because they carry no body. */
const maxSkipped = 50;

/** Makes two bodies comparable, and says how they were found. `coverage` gives the times of a stream that are loaded. */
export async function compareBodies(
  reader: Reader,
  coverage: (stream: string) => readonly Range[],
  question: CompareQuestion,
  signal: AbortSignal,
): Promise<Comparison> {
  const { baseline, longest, shown } = question;
  const event = reader.find(question.key) ?? gone();
  const { part, other, skipped, left, right } = choose(reader, event, question);
  const gap = baseline.type === 'previous' && other !== undefined && isGap(other, event, coverage);
  const before = left && (await present(left, longest, signal));
  const after = await present(right, longest, signal);
  return {
    part,
    left: before && show(before, shown),
    right: show(after, shown),
    masked: shown.redact && before ? numberSecrets(before, after) : { left: [], right: [] },
    baseline: other && nameEvent(other, shown),
    skipped,
    gap,
  };
}

/** What is compared with what. */
interface Choice extends Pick<Comparison, 'part' | 'skipped'> {
  /** Where `left` comes from, if that is another event. */
  readonly other: FoundEvent | undefined;
  readonly left: Side | undefined;
  readonly right: Side;
}

type Side = readonly [record: ActivityEvent, part: BodyPart];

function choose(reader: Reader, event: FoundEvent, { baseline, part }: CompareQuestion): Choice {
  const { record } = event;
  if (baseline.type === 'parts') {
    const sides = { left: [record, 'request'], right: [record, 'response'] } as const;
    return { part: 'request', other: undefined, skipped: 0, ...sides };
  }
  const choice = (part: BodyPart, other: FoundEvent | undefined, skipped: number): Choice => {
    return { part, other, skipped, left: other && [other.record, part], right: [record, part] };
  };
  if (baseline.type === 'event') {
    const other = reader.find(baseline.key) ?? gone();
    return choice(part ?? comparedPart([record, other.record]) ?? 'event', other, 0);
  }
  const wanted = part ?? comparedPart([record]) ?? 'response';
  let skipped = 0;
  for (const other of reader.earlier(event, maxSkipped + 1)) {
    if (hasContent(other.record, wanted)) return choice(wanted, other, skipped);
    skipped++;
  }
  return choice(wanted, undefined, skipped);
}

/** Whether not all times between both events are loaded: another event of the resource may lie there. */
function isGap(
  { summary: { time: from } }: FoundEvent,
  { summary: { time: to, source } }: FoundEvent,
  coverage: (stream: string) => readonly Range[],
): boolean {
  if (from === undefined || to === undefined) return false;
  const covered = ['', source].flatMap((stream) => coverage(stream));
  // What was loaded last was asked for up to its end, though its last minutes do not count as complete yet.
  const newest = covered.reduce((end, range) => Math.max(end, range.to), -Infinity);
  return !covers([...covered, { from: newest, to: newest + settlingTime }], { from, to });
}

/** Secrets are not masked yet. Others get their turn first: a long body takes a while. */
async function present([record, part]: Side, longest: number, signal: AbortSignal): Promise<BodyUpTo> {
  await nextTurn();
  signal.throwIfAborted();
  return presentBodyUpTo(record, part, { sortKeys: true, openStrings: true, redact: false }, longest);
}

function show(body: BodyUpTo, { redact }: Shown): BodyUpTo {
  return redact && body.kind !== 'tooLarge' ? maskBody(body) : fitBody(body, redact);
}

/** Numbers the secrets of both sides: equal ones get equal numbers. None where one side has none. */
function numberSecrets(left: BodyUpTo, right: BodyUpTo): Comparison['masked'] {
  if (!hasSecrets(left) || !hasSecrets(right)) return { left: [], right: [] };
  const numbers = new Map<string, number>();
  const number = ({ text, secrets }: Body): number[] =>
    secrets.map(({ start, end, quote }) => {
      // What stood without quotes differs from what had some.
      const secret = `${quote ?? 'quoted'}:${text.slice(start, end)}`;
      const known = numbers.get(secret) ?? numbers.size;
      numbers.set(secret, known);
      return known;
    });
  return { left: number(left), right: number(right) };
}

function hasSecrets(body: BodyUpTo): body is Body {
  return body.kind !== 'tooLarge' && body.secrets.length > 0;
}

function nameEvent(event: FoundEvent, shown: Shown): ComparedEvent {
  const summary = shownSummary(event, shown);
  return { ...toNeighbour(summary, shown), user: userOf(summary, shown) };
}
