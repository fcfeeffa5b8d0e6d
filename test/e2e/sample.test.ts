import assert from 'node:assert/strict';
import { useWorkbench } from './workbench';

describe('the sample project', () => {
  const app = useWorkbench({ folder: 'media/sample' });

  it('shows its events without any network', async () => {
    await app.showView();
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
    await app.webview();
    await app.page.waitForTimeout(1500);
    await app.screenshot('sample');
  });
});
