import type { Memento } from 'vscode';
import type { StateSource } from '../../protocol/terraform';
import type { CodeIndex } from './codeIndex';

interface Known {
  readonly serial: number | undefined;
  readonly time: number;
}

const key = 'stateTimes';
const maxFiles = 500;

/**
 * When states were last applied. A state does not say; its file time does, but for a checkout or a copy that renews it. So the time
 * at which a serial was first seen counts as long as the serial stays.
 */
export class StateTimes {
  constructor(private readonly memento: Memento) {}

  /** UTC milliseconds; undefined where there is no state. */
  appliedAt({ file, modified, serial }: StateSource): number | undefined {
    if (modified === undefined) return undefined;
    const all = this.memento.get<Readonly<Record<string, Known>>>(key, {});
    const known = Object.hasOwn(all, file) ? all[file] : undefined;
    if (known && serial !== undefined && known.serial === serial && known.time <= modified) return known.time;
    const others = Object.entries(all).filter(([name]) => name !== file);
    void this.memento.update(key, Object.fromEntries([...others.slice(-maxFiles), [file, { serial, time: modified }]]));
    return modified;
  }
}

/** When a state of the workspace was last applied; undefined where there is none. */
export async function lastApply(code: CodeIndex, times: StateTimes): Promise<number | undefined> {
  const resources = await code.resources(new AbortController().signal);
  const sources = new Map(resources.map(({ source }) => [source.file, source]));
  const applied = [...sources.values()].flatMap((source) => times.appliedAt(source) ?? []);
  return applied.length > 0 ? Math.max(...applied) : undefined;
}
