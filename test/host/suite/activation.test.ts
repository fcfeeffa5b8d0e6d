import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  it('gives other extensions version 1 of its exports', async () => {
    const extension = vscode.extensions.getExtension('activity-log.vk-cloud-activity-log');
    assert.ok(extension, 'the extension is not there');
    const exports = (await extension.activate()) as { version: number };
    assert.equal(exports.version, 1);
  });

  it('rejects a query of its exports with the text that people get', async () => {
    const extension = vscode.extensions.getExtension('activity-log.vk-cloud-activity-log');
    const api = (await extension?.activate()) as { events(query: object): Promise<unknown> };
    // Where there is a connection the time is wrong, else the connection is missing.
    await assert.rejects(api.events({ from: 'yesterday' }), { name: 'Error', message: /\.$/ });
  });

  it('registers every command it declares', async () => {
    const extension = vscode.extensions.getExtension('activity-log.vk-cloud-activity-log');
    await extension?.activate();
    const { contributes } = extension?.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = await vscode.commands.getCommands(true);
    const missing = contributes.commands
      .map(({ command }) => command)
      .filter((command) => !registered.includes(command));
    assert.deepEqual(missing, []);
  });
});
