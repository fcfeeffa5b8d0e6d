import { spawn } from 'node:child_process';

/**
 * Runs a program to its end, its output in this terminal or in the open file `output`; rejects unless it exits with 0.
 * `quiet` shows output only on failure.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; quiet?: boolean; output?: number } = {},
): Promise<void> {
  const { quiet = false, output: file = 'inherit', ...rest } = options;
  const child = spawn(command, args, { ...rest, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['inherit', file, file] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code === 0) return;
  if (output) process.stderr.write(`${output.slice(-4000)}\n`);
  throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}`);
}
