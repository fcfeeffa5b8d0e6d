import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { commands, extensions, workspace, type ExtensionContext } from 'vscode';
import type { ActivityLogApi } from '../../src/host/status/publicApi';

/** Where demo.mjs says what the stand-in is called by, beside the opened folder. */
const standInFile = '../standIn.json';

/** What `npm run demo` does in a new user's place: connects, loads, and opens an event beside the code that it belongs to. */
export async function activate({ workspaceState }: ExtensionContext): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (folder === undefined) return;
  const { endpoint, token } = JSON.parse(await readFile(path.join(folder, standInFile), 'utf8')) as Record<
    string,
    string
  >;
  if (workspaceState.get('endpoint') === endpoint) return; // a reload: the window comes back as it was
  await workspaceState.update('endpoint', endpoint);
  await commands.executeCommand('workbench.view.extension.activityLog');
  await commands.executeCommand('activityLog.configureEndpoint', { endpoint, name: 'Demo' });
  await commands.executeCommand('activityLog.setToken', { token });
  await commands.executeCommand('activityLog.refresh');
  const eventId = await findResize(folder);
  await commands.executeCommand('activityLog.goToUri', { eventId, target: 'code' });
  await commands.executeCommand('activityLog.openToSide', { eventId });
}

/** The newest resize of a server that the folder's Terraform state holds. */
async function findResize(folder: string): Promise<string | undefined> {
  const state = JSON.parse(await readFile(path.join(folder, 'terraform.tfstate'), 'utf8')) as {
    resources: { type: string; instances: { attributes: { id: string } }[] }[];
  };
  const ids = state.resources
    .filter(({ type }) => type === 'vkcs_compute_instance')
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes.id));
  const product = await extensions.getExtension<ActivityLogApi>('activity-log.vk-cloud-activity-log')?.activate();
  const filter = `request_body:flavorRef AND action="vm-action" AND success=yes AND (${ids.map((id) => `uri:"${id}"`).join(' OR ')})`;
  const [event] = (await product?.events({ filter, limit: 1 })) ?? [];
  return event?.['event_id'] as string | undefined;
}
