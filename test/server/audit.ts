import { pick, tells, type Fault } from './faults';
import { json, problem, type Answer } from './answer';
import { distort, type LogAnswer } from './lies';
import { type Query, type Shelf, gzipMember } from './shelf';

/** How this installation of the Audit service behaves, where installations may differ. */
export interface AuditRules {
  /** Whether events of exactly `from` and `to` belong to the answer. */
  bounds: 'inclusive' | 'exclusive';
  /** Whether a request that names no component is refused (400). */
  sourceRequired: boolean;
  defaultLimit: number;
  maxLimit: number;
  /** A limit above the maximum: lowered to it, or refused (400). */
  overLimit: 'lower' | 'refuse';
  markerLifeMs: number;
  /** What answers an expired or unreadable marker. */
  markerStatus: 400 | 404 | 410;
  /** Whether a marker holds the whole question, or only where in its answer to go on. */
  markers: 'whole' | 'offset';
  /** Of records of the whole log; some arrive late. */
  order: 'newest' | 'oldest' | 'arrival';
}

export const defaultRules: AuditRules = {
  bounds: 'inclusive',
  sourceRequired: false,
  defaultLimit: 100,
  maxLimit: 1000,
  overLimit: 'lower',
  markerLifeMs: 3_600_000,
  markerStatus: 400,
  markers: 'whole',
  order: 'newest',
};

interface Marker {
  readonly from?: number;
  readonly to?: number;
  readonly source?: string;
  readonly offset: number;
  readonly issued?: number;
}

/** Answers `GET /logs` of somebody who may read it, events of the components `sees` only where that is given. */
export function answerLogs(
  query: URLSearchParams,
  shelf: Shelf,
  rules: AuditRules,
  faults: readonly Fault[],
  gzip: boolean,
  sees?: readonly string[],
): Answer {
  const asked = new Map(Array.from(query, ([name, value]) => [name.toLowerCase(), value]));
  const limit = readLimit(asked.get('limit'), rules);
  const start = readStart(asked, rules, pick(faults, 'refuseMarker'));
  for (const step of [limit, start]) if (typeof step === 'object' && 'status' in step) return step;
  const { offset, ...told } = start as Start;
  const named = {
    from: tells(faults, 'ignoreFrom') ? 0 : told.from,
    to: tells(faults, 'ignoreTo') ? Infinity : told.to,
    source: tells(faults, 'ignoreSource') ? undefined : told.source,
    order: rules.order,
  };
  const size = tells(faults, 'ignoreLimit') ? rules.defaultLimit : (limit as number);

  const back = tells(faults, 'duplicatePage') ? size : 0;
  const page = shelf.find({ ...named, sees, offset: Math.max(0, offset - back), limit: size });
  const next = offset + size;
  let marker =
    next < page.total || tells(faults, 'endlessMarkers') ? writeMarker({ ...told, offset: next }, rules) : undefined;
  if (tells(faults, 'markerLoop')) marker = asked.get('marker') || writeMarker({ ...told, offset: next }, rules);
  if (tells(faults, 'noMarkers')) marker = undefined;

  const head = '{"logs":[';
  const tail = marker === undefined ? ']}' : `],"marker":${JSON.stringify(marker)}}`;
  const lied = distort(
    faults,
    () =>
      JSON.parse(Buffer.concat([Buffer.from(head), ...page.write(false), Buffer.from(tail)]).toString()) as LogAnswer,
  );
  if (lied) return json(200, lied, gzip);
  const body = gzip
    ? [gzipMember(head), ...page.write(true), gzipMember(tail)]
    : [Buffer.from(head), ...page.write(false), Buffer.from(tail)];
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...(gzip && { 'content-encoding': 'gzip' }) },
    body,
  };
}

/** What a request asks for, the same whenever its marker was made. */
export function askedFor(query: URLSearchParams): string {
  const { issued, ...place } = readMarker(query.get('marker') ?? '') ?? { issued: 0 };
  return JSON.stringify([...Array.from(query).filter(([name]) => name !== 'marker'), issued === 0 ? '' : place]);
}

type Start = Omit<Query, 'limit' | 'order'>;

function readStart(
  asked: ReadonlyMap<string, string>,
  rules: AuditRules,
  refused: { status?: number } | undefined,
): Start | Answer {
  const marker = asked.get('marker');
  let offset = 0;
  if (marker) {
    const read = readMarker(marker);
    if (refused || !read || Date.now() - (read.issued ?? Date.now()) > rules.markerLifeMs)
      return problem(refused?.status ?? rules.markerStatus, 'marker is invalid or has expired');
    if (read.from !== undefined && read.to !== undefined)
      return { from: read.from, to: read.to, source: read.source, offset: read.offset };
    offset = read.offset;
  }
  const source = asked.get('source') || undefined;
  if (rules.sourceRequired && source === undefined) return problem(400, 'parameter source is required');
  const from = readMoment(asked.get('from'), 0);
  const to = readMoment(asked.get('to'), Date.UTC(9999, 0));
  if (from === undefined || to === undefined) return problem(400, 'parameters from and to must be RFC 3339');
  const inclusive = rules.bounds === 'inclusive';
  return { from: inclusive ? from : from + 1, to: inclusive ? to + 1 : to, source, offset };
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function readMoment(text: string | undefined, open: number): number | undefined {
  if (!text) return open;
  return rfc3339.test(text) ? Date.parse(text) : undefined;
}

function readLimit(text: string | undefined, rules: AuditRules): number | Answer {
  if (!text) return rules.defaultLimit;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) return problem(400, 'parameter limit must be a positive integer');
  if (limit > rules.maxLimit && rules.overLimit === 'refuse')
    return problem(400, `limit must not exceed ${rules.maxLimit}`);
  return Math.min(limit, rules.maxLimit);
}

function writeMarker({ from, to, source, offset }: Start, { markers }: AuditRules): string {
  const marker = markers === 'offset' ? { offset } : { from, to, source, offset, issued: Date.now() };
  return Buffer.from(JSON.stringify(marker satisfies Marker | object)).toString('base64');
}

function readMarker(text: string): Marker | undefined {
  try {
    const marker = JSON.parse(Buffer.from(text, 'base64').toString()) as Marker;
    return Number.isInteger(marker.offset) ? marker : undefined;
  } catch {
    return undefined;
  }
}
