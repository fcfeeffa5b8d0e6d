import { workspace, type ConfigurationChangeEvent, type Disposable } from 'vscode';
import { isSettingValue, type Settings } from '../core/settings';

const section = 'activityLog';

/**
 * The value in force; the default where someone has set what the setting cannot be. Application scope keeps workspace
 * values out.
 */
export function setting<K extends keyof Settings>(name: K): Settings[K] {
  const configuration = workspace.getConfiguration(section);
  const value = configuration.get<unknown>(name);
  return isSettingValue(name, value) ? value : (configuration.inspect(name)?.defaultValue as Settings[K]);
}

/** Calls `listener` when one of `names` changes. */
export function onDidChangeSetting(names: readonly (keyof Settings)[], listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event: ConfigurationChangeEvent) => {
    if (names.some((name) => event.affectsConfiguration(`${section}.${name}`))) listener();
  });
}
