import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { format } from '../../../../src/core/base/message';
import { createTokens } from '../../../../src/app/createTokens';
import { SecretStore } from '../../../../src/host/connections/secretStore';
import { MadeVault } from './window';

interface Made {
  readonly word: string;
}

function shelf(vault: MadeVault, failures: unknown[] = []): SecretStore<Made> {
  return new SecretStore<Made>(vault, 'test.', (error) => failures.push(error));
}

describe('secrets', () => {
  it('are kept for the next window, and found by one that is open', async () => {
    const vault = new MadeVault();
    const [one, other] = [shelf(vault), shelf(vault)];
    const heard: string[] = [];
    other.onDidChange((id) => heard.push(id));
    await one.set('a', { word: 'x' });
    while (heard.length === 0) await sleep(5);
    assert.deepEqual([other.get('a'), heard], [{ word: 'x' }, ['a']]);
    const next = shelf(vault);
    await next.load('a');
    assert.deepEqual(next.get('a'), { word: 'x' });
    await one.delete('a');
    while (other.get('a')) await sleep(5);
    assert.deepEqual([one.get('a'), other.get('a'), vault.kept.size], [undefined, undefined, 0]);
  });

  it('are kept in memory where the vault fails, which is told, and no later look takes them away', async () => {
    const vault = new MadeVault();
    vault.broken = ['store'];
    const failures: unknown[] = [];
    const held = shelf(vault, failures);
    await held.set('a', { word: 'x' });
    assert.equal(failures.length, 1);
    await held.load('a');
    assert.deepEqual(held.get('a'), { word: 'x' });
    vault.broken = ['get', 'store', 'delete'];
    await held.load('a');
    assert.deepEqual(held.get('a'), { word: 'x' });
    await held.delete('a');
    assert.equal(held.get('a'), undefined);
  });

  it('live until the window closes where there is no vault, and a person is told once', async () => {
    const vault = new MadeVault();
    vault.broken = ['get', 'store', 'delete'];
    const told: string[] = [];
    const log: string[] = [];
    const write = (text: string): void => void log.push(text);
    const ended: string[] = [];
    const keystone = { revoke: async (_authUrl: string, token: string) => void ended.push(token) };
    const tokens = createTokens(vault, keystone, { info: write, warn: write, error: write }, (notice) =>
      told.push(format(notice)),
    );
    const auth = { kind: 'applicationCredential', authUrl: 'https://keystone.test/v3', id: 'ac' } as const;
    const connection = { id: 'a', name: 'A', kind: 'http', address: 'https://audit.test/v1/x', auth } as const;
    await tokens.load(connection);
    await tokens.set(connection, 'the token');
    await tokens.setSecret(connection, 'the secret');
    await tokens.load(connection);
    assert.deepEqual([tokens.current(connection), tokens.secret(connection)], ['the token', 'the secret']);
    assert.deepEqual(told, [
      'The secret storage of the editor does not work here. Tokens and passwords are kept in memory only, until this window closes.',
    ]);
    assert.ok(log.length >= 2 && !/the (?:token|secret)\b/.test(log.join('\n').replaceAll('The secret storage', '')));
    await tokens.delete('a');
    assert.deepEqual([tokens.current(connection), tokens.secret(connection)], [undefined, undefined]);
    tokens.dispose();
  });

  it('that may still be there after a deletion are told of', async () => {
    const vault = new MadeVault();
    const held = shelf(vault);
    await held.set('a', { word: 'x' });
    vault.broken = ['delete'];
    await assert.rejects(held.delete('a'), /may still hold/);
    assert.equal(held.get('a'), undefined);
  });

  it('are not overtaken by an older look', async () => {
    const vault = new MadeVault();
    const held = shelf(vault);
    await held.set('a', { word: 'old' });
    const looking = held.load('a');
    const setting = held.set('a', { word: 'new' });
    await looking;
    assert.deepEqual(held.get('a'), { word: 'new' });
    await setting;
    const again = [held.set('a', { word: 'newer' }), held.load('a')];
    await Promise.all(again);
    assert.deepEqual(held.get('a'), { word: 'newer' });
  });

  it('that cannot be read are none', async () => {
    const vault = new MadeVault();
    vault.kept.set('test.a', '{"word":');
    const held = shelf(vault);
    await held.load('a');
    assert.equal(held.get('a'), undefined);
  });
});
