import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const env = { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };

describe('a tortured load', () => {
  // TORTURE=1-5000 tries other seeds, TORTURE=17-17 one.
  const [first = 1, last = 1_000] = (process.env['TORTURE'] ?? '1-1000').split('-').map(Number);
  it(`ends with all events, or says which times are missing (seeds ${first} to ${last})`, async () => {
    const processes = Math.min(availableParallelism(), 4);
    const outputs = Array.from({ length: processes }, async (_, n) => {
      const args = [first + n, last, processes].map(String);
      const child = spawn(process.execPath, [path.join(__dirname, 'tortureProcess.js'), ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env,
      });
      const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
      return code === 0 ? '' : `exit code ${code}: ${output}`;
    });
    assert.equal((await Promise.all(outputs)).join(''), '');
  });
});
