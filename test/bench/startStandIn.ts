import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Range } from '../../src/core/time/range';

/** What a client needs to know of a stand-in. Plain data. */
export interface StandIn {
  readonly endpoint: string;
  readonly token: string;
  /** The times of its events. */
  readonly month: Range;
}

export interface StandInProcess extends StandIn {
  stop(): Promise<void>;
}

const day = 86_400_000;

/** The stand-in in a process of its own, with `count` prepared events of about 2 KB over the last 29 days. */
export async function startStandIn(count: number): Promise<StandInProcess> {
  const newest = Date.now() - 3_600_000;
  const prepared = { count, newest, stepMs: (29 * day) / count, bytes: 2_048, recurring: true };
  const script = path.join(__dirname, '..', 'server', 'main.js');
  const child = spawn(process.execPath, [script, '--child', '--options', JSON.stringify({ prepared })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { endpoint, token } = JSON.parse(line) as { endpoint: string; token: string };
  const to = Math.ceil(newest / 1000) * 1000 + 1000;
  return {
    endpoint,
    token,
    month: { from: to - 30 * day, to },
    async stop() {
      if (child.exitCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
