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

  it('shows the events of the sample project without any network', async () => {
    await app.view.getByRole('button', { name: 'Open Sample Project' }).click();
    await app.rows(/^nova, /).waitFor();
    const state = await app.exports<{ loaded: number; complete: boolean }>('state');
    assert.ok(state.loaded > 1_500, `${state.loaded} events`);
    assert.equal(state.complete, true);
    await app.rows(/^nova, /).click();
    await app
      .rows(/^\d{4}-\d\d-\d\d, /)
      .first()
      .click();
    await app
      .rows(/, (succeeded|failed), /)
      .first()
      .click();
    const panel = await app.webview();
    await panel.getByTestId('body').waitFor();
    await app.screenshot('sample');
  });
});
