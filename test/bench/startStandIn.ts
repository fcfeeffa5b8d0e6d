import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface StandInProcess {
  readonly endpoint: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** The stand-in in a process of its own, with `count` prepared events of about 2 KB over the last 30 days. */
export async function startStandIn(count: number): Promise<StandInProcess> {
  const prepared = { count, newest: 0, stepMs: Math.floor((30 * 86_400_000) / count), bytes: 2048 };
  const script = path.join(__dirname, '..', 'server', 'main.js');
  const child = spawn(process.execPath, [script, '--child', '--options', JSON.stringify({ prepared })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { endpoint, token } = JSON.parse(line) as { endpoint: string; token: string };
  return {
    endpoint,
    token,
    async stop() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
