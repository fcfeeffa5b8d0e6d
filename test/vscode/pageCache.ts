import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cache } from './installServer';
import type { VSCodeVersion } from './versions';

/** What Chromium keeps of files that it loaded, and of scripts that it compiled: VS Code's own 20 MB, which never change. */
const kept = ['Default/Cache', 'Default/Code Cache'];

function folderOf(version: VSCodeVersion): string {
  return path.join(cache, `pages-${version.vscode}`);
}

/** Gives a new browser profile what an earlier one loaded of this VS Code, and nothing else of it. */
export async function fillCache(profile: string, version: VSCodeVersion): Promise<void> {
  for (const name of kept) {
    await cp(path.join(folderOf(version), name), path.join(profile, name), { recursive: true }).catch(() => undefined);
  }
}

/** Keeps for later browsers, and later runs, what the closed one of this profile loaded. */
export async function keepCache(profile: string, version: VSCodeVersion): Promise<void> {
  const folder = folderOf(version);
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    for (const name of kept) await cp(path.join(profile, name), path.join(draft, name), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } catch {
    // The next browser loads all of it anew.
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
