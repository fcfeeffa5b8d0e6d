import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

const infix = '.damaged-';
const kept = 2;

/** Renames the file, or whatever is in its place, with what SQLite keeps beside it; returns the new name. */
export function setAside(file: string): string {
  const stem = `${file}${infix}${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`;
  let to = stem;
  for (let number = 2; existsSync(to); number++) to = `${stem}-${number}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, to + suffix);
  }
  remove(file, kept);
  return path.basename(to);
}

/** Deletes what was set aside of `file`: it holds bodies, too. */
export function removeAside(file: string): void {
  remove(file, 0);
}

/** Deletes all but the newest. */
function remove(file: string, but: number): void {
  const folder = path.dirname(file);
  const names = readdirSync(folder).filter((name) => name.startsWith(path.basename(file) + infix));
  const databases = names.filter((name) => !/-(wal|shm)$/.test(name)).sort();
  const old = databases.slice(0, databases.length - but);
  for (const name of names) {
    if (old.some((base) => name === base || name === `${base}-wal` || name === `${base}-shm`))
      rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}
