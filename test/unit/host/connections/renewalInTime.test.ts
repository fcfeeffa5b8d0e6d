import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import { RequestError } from '../../../../src/core/base/errors';
import { message } from '../../../../src/core/base/message';
import { Computer, connection, GatedWindow, password } from '../signIn/gatedWindows';

const minute = 60_000;

describe('renewal in time', () => {
  afterEach(() => mock.timers.reset());

  it('comes before the end, by itself, and only for what is watched', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 0, 1) });
    const computer = new Computer(() => Promise.resolve());
    const { renewal, tokens } = new GatedWindow('A', computer);
    await tokens.setSecret(connection, password, computer.issue());
    const held = (): number => tokens.remaining(connection, Date.now())?.ms ?? 0;
    const pass = async (minutes: number): Promise<void> => {
      for (let passed = 0; passed < minutes; passed++) {
        mock.timers.tick(minute);
        for (let turns = 0; turns < 5; turns++) await turn();
      }
    };
    await pass(58);
    assert.equal(computer.living.size, 1, 'nobody watches');
    renewal.watch(connection.id);
    for (let passed = 0; passed < 600; passed++) {
      await pass(1);
      assert.ok(held() >= 5 * minute, `${held()} ms left`);
    }
    assert.equal(computer.living.size, 12);
    renewal.watch(undefined);
    await pass(120);
    assert.deepEqual([computer.living.size, held()], [12, 0]);
    renewal.dispose();
  });

  it('is tried for until Keystone is back, though the token has ended long before', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 0, 1) });
    let isDown = true;
    let asked = 0;
    const computer = new Computer(() => Promise.resolve());
    const { renewal, tokens } = new GatedWindow('A', computer);
    await tokens.setSecret(connection, password, computer.issue());
    const { issue } = Computer.prototype;
    computer.issue = () => {
      asked++;
      if (isDown) throw new RequestError('server', message('Down.'));
      return issue.call(computer);
    };
    renewal.watch(connection.id);
    const pass = async (minutes: number): Promise<void> => {
      for (let passed = 0; passed < minutes; passed++) {
        mock.timers.tick(minute);
        for (let turns = 0; turns < 5; turns++) await turn();
      }
    };
    await pass(180);
    assert.equal(tokens.remaining(connection, Date.now())?.ms ?? 0, 0);
    assert.ok(asked >= 120 && asked <= 180, `${asked} times, once a minute`);
    isDown = false;
    await pass(2);
    assert.ok((tokens.remaining(connection, Date.now())?.ms ?? 0) > 0);
    renewal.dispose();
  });
});
