import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import { isCancelled } from '../../../../src/core/base/errors';
import { exclusively } from '../../../../src/host/connections/exclusively';
import { never } from '../../api/client';
import { lockFile } from './window';

describe('exclusively', () => {
  const file = lockFile();
  afterEach(() => rmSync(path.dirname(file), { recursive: true, force: true }));

  it('lets one at a time work, and goes on after one that fails', async () => {
    let working = 0;
    const work = async (name: number): Promise<number> => {
      assert.equal(++working, 1);
      await sleep(20);
      working--;
      if (name === 1) throw new Error('one');
      return name;
    };
    const all = [0, 1, 2].map((name) => exclusively(file, () => work(name), never));
    const settled = await Promise.allSettled(all);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('waits for another process, until that one dies', async function () {
    await exclusively(file, async () => undefined, never);
    const code = `const {DatabaseSync}=require('node:sqlite');const d=new DatabaseSync(process.argv[1]);
      d.exec('BEGIN EXCLUSIVE');console.log('held');setInterval(()=>d,1000)`;
    const child = spawn(process.execPath, ['-e', code, file], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    let done = false;
    const working = exclusively(file, async () => (done = true), never);
    await assert.rejects(
      exclusively(file, async () => undefined, AbortSignal.timeout(150)),
      (error) => isCancelled(error) || (error as Error).name === 'TimeoutError',
    );
    assert.equal(done, false);
    child.kill('SIGKILL');
    await working;
  });

  it('works all the same where nothing can be locked', async () => {
    assert.equal(await exclusively('/dev/null/renewal.lock', async () => 7, never), 7);
  });
});
