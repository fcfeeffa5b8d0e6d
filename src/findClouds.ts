import { homedir } from 'node:os';
import { workspace } from 'vscode';
import { UserError } from './core/errors';
import { message } from './core/message';
import type { Findings } from './import/findClouds';
import { importClouds } from './import/importClouds';
import { isInside } from './import/readSmallFile';

/** Looks for clouds in one file, or in all the usual places; in the folders of the workspace only where they are trusted. */
export async function findClouds(file: string | undefined, workerPath: string, signal: AbortSignal): Promise<Findings> {
  const folders = (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  if (file !== undefined && !workspace.isTrusted && folders.some((folder) => isInside(file, folder))) {
    throw new UserError(
      message('Files of a workspace that is not trusted are not read. Trust it, or choose a file elsewhere.'),
    );
  }
  const names = /^(?:OS_|XDG_CONFIG_HOME$|LOCALAPPDATA$|PROGRAMDATA$)/i;
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => names.test(name)));
  const surroundings = {
    home: homedir(),
    platform: process.platform,
    environment,
    folders: workspace.isTrusted ? folders : [],
  };
  return importClouds({ file, surroundings }, workerPath, signal);
}
