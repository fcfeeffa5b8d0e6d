import assert from 'node:assert/strict';
import path from 'node:path';
import type { CodeLens } from 'vscode';
import type { ActivityEvent } from '../../src/core/event';
import type { ActivityLogState } from '../../src/host/publicApi';
import { useWorkbench } from './workbench';
import { waitUntil } from './waitUntil';

const server = 'resource "vkcs_compute_instance" "web"';

describe('code and its events', () => {
  const app = useWorkbench({ folder: 'media/sample' });

  /** Titles of the lenses above the block that begins with `header`, in the document as the editor has it. */
  function lenses(file: string, header: string): Promise<string[]> {
    return app.evaluate(
      async (vscode, { file, header }) => {
        const document = await vscode.workspace.openTextDocument(file);
        const found = await vscode.commands.executeCommand<CodeLens[]>(
          'vscode.executeCodeLensProvider',
          document.uri,
          100,
        );
        return found
          .filter(({ range }) => document.lineAt(range.start.line).text.startsWith(header))
          .map(({ command }) => command?.title ?? '');
      },
      { file: path.join(app.folder, file), header },
    );
  }

  before(async () => {
    await app.showView();
    await app.command('activityLog.openSample');
    await app.rows(/^nova, /).waitFor();
  });

  it('goes from the block to its events, to one of them, and back to the block', async () => {
    await app.evaluate(
      async (vscode, file) => {
        await vscode.window.showTextDocument(vscode.Uri.file(file));
      },
      path.join(app.folder, 'servers.tf'),
    );
    const [title] = await waitUntil('a lens', async () => {
      const found = await lenses('servers.tf', server);
      return found.length > 0 ? found : undefined;
    });
    assert.match(title ?? '', /^\d+ events, last: \S+ .*by \S+@\S+ .*ago/);
    await app.screenshot('code lens');
    await app.page.locator('.codelens-decoration a', { hasText: title }).first().click();
    await waitUntil('the filter', async () => (await app.exports<ActivityLogState>('state')).code);
    const events = await app.exports<ActivityEvent[]>('events');
    assert.equal(events.length, Number(title?.split(' ')[0]));
    await app.screenshot('events of a block');
  });
});
