import assert from 'node:assert/strict';
import { useWorkbench } from './workbench';

describe('the workbench', () => {
  const app = useWorkbench({ folder: 'media/sample' });

  it('shows the Activity Log in the activity bar and its events in the side bar', async () => {
    await app.page.getByRole('tab', { name: 'Activity Log' }).click();
    await app.page.getByRole('heading', { name: /^Activity Log: Events/ }).waitFor();
    await app.view.waitFor();
  });

  it('gives the exports of the installed extension', async () => {
    const version = await app.evaluate(async (vscode) => {
      const extension = vscode.extensions.getExtension<{ version: number }>('activity-log.vk-cloud-activity-log');
      return (await extension?.activate())?.version;
    });
    assert.equal(version, 1);
  });
});
