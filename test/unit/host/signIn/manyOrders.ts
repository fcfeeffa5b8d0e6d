import { setImmediate as turn } from 'node:timers/promises';
import { Random } from '../../../../src/sample/random';

/** Where work stands still until it is its turn. */
export type Gate = (name: string) => Promise<void>;

/** Builds what runs in each order anew. What it returns checks how that ended. */
type Scenario = (gate: Gate) => Promise<() => void>;

/** Which of so many that wait goes on. */
type Choose = (waiting: number, step: number) => number;

/**
 * Runs a scenario in many orders of what stands at its gates, one going on at a time: in all that differ from first come, first
 * served in two places at most, and in a thousand random ones, the same ones each time. Nothing in it may wait for time.
 * Returns in how many. @throws what the scenario or its check throws, with the order
 */
export async function manyOrders(scenario: Scenario): Promise<number> {
  let orders = 0;
  const run = async (choose: Choose): Promise<readonly number[]> => {
    orders++;
    return runOnce(scenario, choose);
  };
  const follow = async (choices: ReadonlyMap<number, number>, from: number): Promise<void> => {
    const waiting = await run((_, step) => choices.get(step) ?? 0);
    if (choices.size === 2) return;
    for (let step = from; step < waiting.length; step++)
      for (let other = 1; other < waiting[step]!; other++) await follow(new Map([...choices, [step, other]]), step + 1);
  };
  await follow(new Map(), 0);
  for (let seed = 0; seed < 1_000; seed++) {
    const random = new Random(`order ${String(seed)}`);
    await run((waiting) => random.int(0, waiting - 1));
  }
  return orders;
}

/** How many stood at the gates at each step. */
async function runOnce(scenario: Scenario, choose: Choose): Promise<readonly number[]> {
  const gates: { readonly name: string; readonly open: () => void }[] = [];
  const order: string[] = [];
  const waiting: number[] = [];
  let check: (() => void) | undefined;
  try {
    const running = scenario((name) => new Promise((open) => gates.push({ name, open })));
    const failed = running.then((made) => void (check = made));
    failed.catch(() => undefined); // told below
    for (;;) {
      await turn(); // whatever can go on without a gate has done so
      if (gates.length === 0) break;
      const [next] = gates.splice(choose(gates.length, waiting.push(gates.length) - 1), 1);
      order.push(next!.name);
      next!.open();
    }
    await Promise.race([failed, turn()]);
    if (!check) throw new Error('It waits for something that is behind no gate');
    check();
    return waiting;
  } catch (error) {
    throw new Error(`${order.join(', ')}: ${String(error)}`, { cause: error });
  }
}
