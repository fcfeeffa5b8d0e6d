import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A disk of few bytes, in memory. Only root on Linux may have one. */
export class SmallDisk {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'activity-log-disk-'));
  readonly #filler = path.join(this.folder, 'filler');

  static readonly isPossible = process.platform === 'linux' && process.getuid?.() === 0;

  constructor(bytes: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', this.folder]);
  }

  get file(): string {
    return path.join(this.folder, 'history.sqlite');
  }

  /** Takes all the room that is left. */
  fill(): void {
    for (let length = 1 << 20; length >= 1; length = Math.floor(length / 2)) {
      try {
        for (;;) writeFileSync(this.#filler, Buffer.alloc(length), { flag: 'a' });
      } catch {
        // Less, then.
      }
    }
  }

  free(): void {
    rmSync(this.#filler);
  }

  remount(option: 'ro' | 'rw' | `size=${string}`): void {
    execFileSync('mount', ['-o', `remount,${option}`, this.folder]);
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true });
  }
}
