import { existsSync, readFileSync } from 'node:fs';

/** Resident memory of a process in MB: what it is and, as Linux keeps count, the most it ever was; undefined elsewhere. */
export function readMemory(pid: number): { readonly now: number; readonly most: number } | undefined {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  const status = readFileSync(file, 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: read('VmRSS'), most: read('VmHWM') };
}

/** Watches the resident memory of this process, all threads, in MB. */
export function watchMemory(): { end(): { readonly before: number; readonly most: number } } {
  const before = process.memoryUsage.rss() / 2 ** 20;
  let most = before;
  const look = (): void => void (most = Math.max(most, process.memoryUsage.rss() / 2 ** 20));
  const sampling = setInterval(look, 50);
  return {
    end() {
      clearInterval(sampling);
      look();
      return { before, most: Math.max(most, readMemory(process.pid)?.most ?? 0) };
    },
  };
}
