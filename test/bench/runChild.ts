import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { tasks } from './child';

type Tasks = typeof tasks;

/** Measures in a fresh process, so that nothing before it has warmed it up or filled its memory. */
export async function runChild<Name extends keyof Tasks>(
  name: Name,
  argument: Parameters<Tasks[Name]>[0],
  nodeOptions: readonly string[] = [],
): Promise<Awaited<ReturnType<Tasks[Name]>>> {
  const script = path.join(__dirname, 'child.js');
  const options = ['--disable-warning=ExperimentalWarning', ...nodeOptions];
  const child = spawn(process.execPath, [...options, script, name, JSON.stringify(argument)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`${name} ended with ${String(child.exitCode ?? child.signalCode)}`);
  return JSON.parse(output) as Awaited<ReturnType<Tasks[Name]>>;
}
