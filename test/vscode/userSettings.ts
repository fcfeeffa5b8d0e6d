import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A quiet workbench: nothing that comes from outside or lies over what is looked at. */
const quiet = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  // In a browser files are saved by themselves after a second: what a test types and reverts would stay, or not, by chance.
  'files.autoSave': 'off',
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.hover.delay': 3_600_000, // a tooltip would cover the rows below
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Writes the user's settings before VS Code starts on this user data folder. */
export async function writeUserSettings(
  userData: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const folder = path.join(userData, 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ ...quiet, ...settings }, null, 2));
}
