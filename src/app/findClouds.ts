import { homedir } from 'node:os';
import { workspace } from 'vscode';
import type { Findings } from '../credentials/searchClouds';
import { importClouds } from '../credentials/importClouds';

/** Looks for clouds in one file, or in all the usual places; in the folders of the workspace only where they are trusted. */
export async function findClouds(file: string | undefined, workerPath: string, signal: AbortSignal): Promise<Findings> {
  const folders = (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  const names = /^(?:OS_|XDG_CONFIG_HOME$|LOCALAPPDATA$|PROGRAMDATA$)/i;
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => names.test(name)));
  const surroundings = {
    home: homedir(),
    platform: process.platform,
    environment,
    folders,
    trusted: workspace.isTrusted,
  };
  return importClouds({ file, surroundings }, { path: workerPath }, signal);
}
