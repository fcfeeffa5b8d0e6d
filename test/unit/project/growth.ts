import { runInNewContext } from 'node:vm';
import { collectGarbage } from '../assertGrowth';
import { cpuTime } from '../cpuTime';

/** Takes a text and does with it what is measured. */
export type Work = (text: string) => unknown;

/** What stands before what is repeated: it gets a scanner past its first look. */
const beginnings = [
  '',
  'a',
  '"',
  '{"a":"',
  'https://a/',
  'password',
  '<title',
  '/*',
  'set a',
  '${',
  '<<-A\n',
  '-----BEGIN ',
];

const repeated = [
  ...Array.from('aA0-_.:/\\"\'` \t\n=+@#$%&?!()[]{}<>|;,*~^é😀\u00a0\u200b'),
  ...[
    '\r\n',
    '\\"',
    '\\\\',
    '\\\n',
    '\\u00',
    '""',
    "''",
    '${',
    '$(',
    '{ ',
    '[x](',
    '](',
    '{"a":',
    '"a":1,',
    '[1,',
    '},{',
    '<title ',
    '<a ',
  ],
  ...[
    '<script>',
    '</',
    '<!--',
    '&amp;',
    '/*',
    '//',
    '<<a\n',
    '%7B',
    '%25',
    '://',
    '::',
    'a:',
    'a=',
    'a.',
    'a-',
    '1.',
    '/v1',
    '${a',
    '\n ',
  ],
  ...['password ', 'password=', 'Bearer ', 'OS_A=', 'curl ', 'a b ', 'id "', '= "${', 'f('],
];

/** What stands behind: the one takes it all in, the other fits nowhere, so that all is tried in vain. */
const endings = ['', '\u0001'];

/** A text of about `size` units that is made of one piece again and again. */
interface Shape {
  readonly beginning: string;
  readonly piece: string;
  readonly ending: string;
}

/** Shapes of hostile texts; `own` are the pieces that the measured work itself asks for. */
export function shapes(own: readonly string[]): Shape[] {
  return [...beginnings, ...own].flatMap((beginning) =>
    [...repeated, ...own].flatMap((piece) => endings.map((ending) => ({ beginning, piece, ending }))),
  );
}

/** Fewer, for work that takes its time. */
export const commonShapes: readonly Shape[] = ['', '"', '{"a":"'].flatMap((beginning) =>
  repeated.map((piece) => ({ beginning, piece, ending: '' })),
);

function textOf({ beginning, piece, ending }: Shape, size: number): string {
  const text = beginning + piece.repeat(Math.ceil(size / piece.length)) + ending;
  // Read once, so that no later reader pays for putting it together.
  text.charCodeAt(text.length - 1);
  return text;
}

/** Milliseconds of the clock after which work on a small text has run away. Nothing that ends comes near it. */
const patience = 500_000;

/** One in so many shapes is looked at a second time, however quick it was. */
const sampled = 200;

/**
 * The shape that the work takes too long for, and how long; undefined where its time grows as the text does. Each shape is tried with
 * `size` units first: only what stands out is looked at closely.
 */
export function findRunaway(work: Work, made: readonly Shape[], size: number): string | undefined {
  let last: Shape | undefined;
  const times: number[] = [];
  const look = (): string | undefined => {
    for (const shape of made) {
      last = shape;
      const text = textOf(shape, size);
      const start = performance.now();
      work(text);
      const time = performance.now() - start;
      times.push(time);
      // Where all shapes run away, none stands out.
      const isSample = times.length % sampled === 1;
      if ((!isSample && time < usual(times, size)) || isHarmless(work, shape, size)) continue;
      // Said five times: what else the process does, collecting garbage for one, can look like growth once.
      let growth: string | undefined;
      for (let times = 0; times < 5 && (times === 0 || growth !== undefined); times++) {
        if (times > 0) collectGarbage();
        growth = growthOf(work, shape);
      }
      if (growth !== undefined) return `${JSON.stringify(shape)}: ${growth}`;
    }
    return undefined;
  };
  try {
    return runInNewContext('look()', { look }, { timeout: patience }) as string | undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return `${JSON.stringify(last)}: does not end`;
  }
}

/** Milliseconds that nobody need wonder at: 50 ns for a unit, or three times what half of the shapes take. */
function usual(times: readonly number[], size: number): number {
  const first = times.slice(0, 50).sort((a, b) => a - b);
  return Math.max(size * 50e-6, 3 * (first[first.length >> 1] ?? 0));
}

const largest = 200_000;
/** Twice the text takes linear work twice the time, quadratic work four times. */
const mostGrowth = 3.4;
/** Milliseconds of computing below which times say nothing of growth. */
const telling = 2;

/** A cheap second look: whether four times the text takes far less than the sixteen times the time of quadratic work. */
function isHarmless(work: Work, shape: Shape, size: number): boolean {
  const most = 7 * leastTime(work, textOf(shape, size));
  return leastTime(work, textOf(shape, 4 * size), most) < most;
}

function growthOf(work: Work, shape: Shape): string | undefined {
  const times: number[] = [];
  for (let size = largest / 32; size <= 2 * largest; size *= 2) {
    times.push(leastTime(work, textOf(shape, size)));
    const [first = 0, , , last = 0] = times.slice(-4);
    // Three doublings in a row: one alone may meet the end of a cache, or a collection of garbage.
    if (times.length < 4 || first < telling) continue;
    // Eight times the text in hardly more than eight times the time: larger texts would say the same.
    if (last < first * 10 || (size >= largest && last < first * mostGrowth ** 3)) return undefined;
    if (last < first * mostGrowth ** 3) continue;
    return `${size / 8} units take ${first.toFixed(1)} ms, ${size} take ${last.toFixed(1)} ms`;
  }
  return undefined;
}

/** The least of some tries, or what one took that was as quick as is `enough`. */
function leastTime(work: Work, text: string, enough = 0): number {
  let least = Infinity;
  for (let tries = 0, all = 0; tries < 3 && all < 100 && least >= enough; tries++) {
    const start = cpuTime();
    work(text);
    const time = cpuTime() - start;
    least = Math.min(least, time);
    all += time;
  }
  return least;
}
