import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ActivityEvent } from '../../src/core/event/event';
import { prepareEach } from '../e2e/prepare';
import { Workbench } from '../e2e/workbench';
import { chooseVersions } from '../vscode/versions';

/** Takes the pictures of the README from the packaged extension in the newest VS Code: `npm run screenshots`. */
const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
} as const;

async function main(): Promise<void> {
  await mkdir('media/readme', { recursive: true });
  for await (const [, environment] of prepareEach(chooseVersions(['1.139']))) {
    process.env['E2E_ENVIRONMENT'] = JSON.stringify(environment);
    const workbench = new Workbench({
      folder: 'media/sample',
      settings: { 'workbench.colorTheme': themes.dark, 'activityLog.timeZone': 'utc' },
    });
    try {
      await workbench.start();
      await take(workbench);
      await takeCode(workbench);
    } finally {
      await workbench.stop();
    }
  }
}

async function take(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await page.setViewportSize({ width: 1280, height: 760 });
  await workbench.showView();
  await workbench.command('activityLog.openSample');
  await workbench.rows(/^nova, /).click();
  await workbench
    .rows(/^\d{4}-\d\d-\d\d, .*failed/)
    .first()
    .click();
  await widenSideBar(workbench);
  const [resize] = await workbench.exports<ActivityEvent[]>('events', {
    filter: 'action="vm-action" AND request_body:flavorRef AND success=yes',
    limit: 1,
  });
  await workbench.command('activityLog.openEvent', { eventId: resize?.['event_id'] });
  const panel = await workbench.webview();
  await panel.getByTestId('tab-changes').click();
  await panel.getByTestId('changes').waitFor();
  for (const [name, theme] of Object.entries(themes)) {
    await workbench.evaluate(
      (vscode, theme) => vscode.workspace.getConfiguration().update('workbench.colorTheme', theme, true),
      theme,
    );
    await page.waitForTimeout(1_500); // until the theme is drawn
    await page.screenshot({ path: `media/readme/${name}.png` });
  }
}

/** The code with what happened to it, and what was changed outside Terraform. */
async function takeCode(workbench: Workbench): Promise<void> {
  const { page, folder } = workbench;
  await workbench.command('workbench.action.closeAllEditors');
  const state = path.join(folder, 'terraform.tfstate');
  const applied = new Date(Date.now() - 3 * 86_400_000);
  await writeFile(state, await readFile(state));
  await utimes(state, applied, applied);
  await workbench.evaluate(
    async (vscode, file) => {
      const settings = vscode.workspace.getConfiguration();
      await settings.update('workbench.colorTheme', 'Default Dark Modern', true);
      await settings.update('editor.minimap.enabled', false, true);
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
      const line = editor.document.getText().split('\n').indexOf('resource "vkcs_networking_port" "web" {');
      editor.revealRange(new vscode.Range(line - 1, 0, line - 1, 0), vscode.TextEditorRevealType.AtTop);
    },
    path.join(folder, 'servers.tf'),
  );
  await workbench.command('activityLog.showOutsideChanges');
  await workbench.rows(/^vkcs_compute_instance\.web, /).click();
  await page.locator('.codelens-decoration', { hasText: 'changed outside Terraform' }).first().waitFor();
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: 'media/readme/code.png' });
}

/** So that whole rows are seen. */
async function widenSideBar({ page }: Workbench): Promise<void> {
  const edge = await page.locator('.part.sidebar').boundingBox();
  if (!edge) return;
  await page.mouse.move(edge.x + edge.width, 300);
  await page.mouse.down();
  await page.mouse.move(500, 300, { steps: 5 });
  await page.mouse.up();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
