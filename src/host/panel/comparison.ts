import type { BodyUpTo } from '../../core/event/body';
import type { EventSummary } from '../../core/event/event';
import { covers } from '../../core/time/ranges';
import type { History } from '../../history/history';
import type { Baseline, ComparedEvent, ComparedPart, Comparison, PanelBody } from '../../protocol/panel';
import { gone, shownText, toNeighbour, type Shown } from './storedEvent';

/** Bodies longer than this (UTF-16 units) open as documents, not in the page. */
export const longestBody = 16_000_000;

/** Earlier events that may be passed over because they carry no body. */
const mostSkipped = 50;

/** The newest minutes never count as completely loaded, since events may arrive late. */
const settling = 3 * 60_000;

/** Answers what the tab Changes asks: two bodies made comparable, and how they were found. */
export async function compareBodies(
  history: Pick<History, 'bodyUpTo' | 'coverage' | 'neighbours' | 'summary'>,
  question: { readonly key: string; readonly baseline: Baseline; readonly part: ComparedPart | undefined },
  shown: Shown,
  signal: AbortSignal,
  longest = longestBody,
): Promise<Comparison> {
  const { key, baseline } = question;
  const { redact } = shown;
  const known = new Map<string, Promise<BodyUpTo>>();
  const read = (key: string, part: ComparedPart): Promise<BodyUpTo> => {
    const name = `${part} ${key}`;
    const body = known.get(name) ?? readBody(key, part, redact);
    known.set(name, body);
    return body;
  };

  async function readBody(key: string, part: ComparedPart, redact: boolean): Promise<BodyUpTo> {
    signal.throwIfAborted();
    return (await history.bodyUpTo(key, part, { sortKeys: true, openStrings: true, redact }, longest)) ?? gone();
  }

  async function join(left: Side | undefined, right: Side): Promise<Pick<Comparison, 'left' | 'right' | 'masked'>> {
    const [before, after] = await Promise.all([left && read(...left), read(...right)]);
    const masked =
      redact && left && before && hasSecrets(before) && hasSecrets(after)
        ? numberSecrets(await readBody(...left, false), await readBody(...right, false))
        : { left: [], right: [] };
    return { left: before && fit(before, redact), right: fit(after, redact), masked };
  }

  if (baseline.type === 'parts') {
    const sides = await join([key, 'request'], [key, 'response']);
    return { part: 'request', ...sides, baseline: undefined, skipped: 0, gap: false };
  }
  const picked = baseline.type === 'event' ? baseline.event.key : undefined;
  const part = question.part ?? (await choosePart(picked));
  const { event, skipped } = await (picked === undefined ? findPrevious(part) : findPicked(picked));
  return {
    part,
    ...(await join(event && [event.key, part], [key, part])),
    baseline: event && nameEvent((await history.summary(event.key, redact)) ?? event, shown),
    skipped,
    gap: picked === undefined && event !== undefined && (await isGap(event)),
  };

  /** What was sent, where anything was; else what came back; of two events that carry nothing the records themselves. */
  async function choosePart(picked: string | undefined): Promise<ComparedPart> {
    const keys = picked === undefined ? [key] : [key, picked];
    for (const part of ['request', 'response'] as const) {
      for (const each of keys) if (hasContent(await read(each, part))) return part;
    }
    return picked === undefined ? 'response' : 'event';
  }

  async function findPicked(picked: string): Promise<{ event: EventSummary; skipped: number }> {
    return { event: (await history.summary(picked)) ?? gone(), skipped: 0 };
  }

  /** The nearest earlier event of the resource that carries such a body, and how many without one lie between. */
  async function findPrevious(part: ComparedPart): Promise<{ event: EventSummary | undefined; skipped: number }> {
    const { previous } = await history.neighbours(key, undefined, mostSkipped + 1);
    for (const [skipped, event] of previous.entries()) {
      if (hasContent(await read(event.key, part))) return { event, skipped };
    }
    return { event: undefined, skipped: previous.length };
  }

  /** Whether not all times since `event` are loaded: another event of the resource may lie between. */
  async function isGap({ time: from }: EventSummary): Promise<boolean> {
    const now = await history.summary(key);
    const to = now?.time;
    if (from === undefined || to === undefined) return false;
    const settled = Math.min(to, Date.now() - settling);
    const covered = await Promise.all(['', now?.source ?? ''].map((stream) => history.coverage(stream)));
    return !covers(covered.flat(), { from, to: settled });
  }
}

/** Whose body, and which. */
type Side = [key: string, part: ComparedPart];

/** Numbers what the masks hide: equal secrets get equal numbers. */
function numberSecrets(left: BodyUpTo, right: BodyUpTo): Comparison['masked'] {
  const numbers = new Map<string, number>();
  const number = (body: BodyUpTo): number[] =>
    secretsOf(body).map((secret) => {
      const known = numbers.get(secret) ?? numbers.size;
      numbers.set(secret, known);
      return known;
    });
  return { left: number(left), right: number(right) };
}

/** The secrets of a body without masks, those that stood without quotes told from those that had some. */
function secretsOf(body: BodyUpTo): string[] {
  if (body.kind === 'tooLarge') return [];
  return body.secrets.map(({ start, end, quote }) => `${quote ?? 'quoted'}:${body.text.slice(start, end)}`);
}

function hasSecrets(body: BodyUpTo): boolean {
  return body.kind !== 'tooLarge' && body.secrets.length > 0;
}

/** Without masking there is nothing to reveal. */
export function fit(body: BodyUpTo, redact: boolean): PanelBody {
  return redact || body.kind === 'tooLarge' ? body : { ...body, secrets: [] };
}

function hasContent(body: BodyUpTo): boolean {
  if (body.kind === 'tooLarge') return true;
  const { kind, text } = body;
  return (kind === 'json' || kind === 'text' || kind === 'brokenJson') && /[^\s{}[\]]/.test(text);
}

function nameEvent(event: EventSummary, shown: Shown): ComparedEvent {
  return { ...toNeighbour(event, shown), user: shownText(event.userEmail || event.userId, shown) };
}
