import { workspace, type ConfigurationChangeEvent, type Disposable } from 'vscode';
import type { Zone } from '../core/days';
import type { Preset } from '../core/days';

/** The settings of the extension with their types. All but `codeLens` have application scope: a workspace cannot set them. */
export interface Settings {
  readonly components: readonly string[];
  readonly timeZone: Zone;
  readonly defaultRange: Preset;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly autoRefreshSeconds: number;
  readonly redactSecrets: boolean;
  readonly historyDays: number;
  readonly caFile: string;
  readonly serviceUrls: Readonly<Record<string, string>>;
  readonly 'export.csvFormulaGuard': boolean;
}

const section = 'activityLog';

/** The value in force. */
export function setting<K extends keyof Settings>(name: K): Settings[K] {
  // The manifest declares a default for each, and application scope keeps workspace values out.
  return workspace.getConfiguration(section).get(name) as Settings[K];
}

/** Calls `listener` when one of `names` changes. */
export function onDidChangeSetting(names: readonly (keyof Settings)[], listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event: ConfigurationChangeEvent) => {
    if (names.some((name) => event.affectsConfiguration(`${section}.${name}`))) listener();
  });
}
