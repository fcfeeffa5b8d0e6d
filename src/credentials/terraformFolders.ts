import { readdir } from 'node:fs/promises';
import path from 'node:path';

const skipped = new Set(['node_modules', '.git', '.terraform', '.terragrunt-cache', '.vscode-test']);
const deepest = 6;
const most = 2_000;

/** The folders below `root` that hold Terraform code, the nearest first; links are not followed. */
export async function terraformFolders(root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  for (let depth = 0, seen = 0; depth <= deepest && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (seen++ >= most) return found;
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      if (entries.some(({ name }) => /\.tf(?:\.json)?$/.test(name))) found.push(folder);
      for (const entry of entries) {
        if (entry.isDirectory() && !skipped.has(entry.name)) next.push(path.join(folder, entry.name));
      }
    }
    level = next.sort();
  }
  return found;
}
