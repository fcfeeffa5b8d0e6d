import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
/** Collects what others left, which would be collected within what is measured. */
export const collectGarbage = runInNewContext('gc') as () => void;

/** Milliseconds of computing, of each part of a work. */
type Costs = readonly number[];

interface Growth {
  /** Does the work with little. */
  readonly less: () => Costs | Promise<Costs>;
  /** Does it with several times as much. */
  readonly more: () => Costs | Promise<Costs>;
  /** How many times the costs of less those of more must stay below. */
  readonly most: number;
  /** Milliseconds; what costs less with more says nothing of growth. */
  readonly telling?: number;
}

const attempts = 6;

/** Demands that costs grow by less than `most`. Noise only adds to costs: measured again and again, the least of each count. */
export async function assertGrowth({ less, more, most, telling = 0 }: Growth, what = ''): Promise<void> {
  let few: Costs = [];
  let many: Costs = [];
  let growth: number[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) collectGarbage();
    few = leastOf(few, await less());
    many = leastOf(many, await more());
    growth = many.map((cost, part) => (cost < telling ? 0 : cost / (few[part] ?? 0)));
    if (growth.every((each) => each < most)) return;
  }
  const [from, to, times] = [few, many, growth].map((costs) => costs.map((cost) => cost.toFixed(1)).join(', '));
  assert.fail(`${what} ${from} ms became ${to} ms, ${times} times as much`);
}

function leastOf(before: Costs, now: Costs): Costs {
  return now.map((cost, part) => Math.min(cost, before[part] ?? Infinity));
}
