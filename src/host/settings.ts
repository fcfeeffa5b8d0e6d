import { workspace, type ConfigurationChangeEvent, type Disposable, type WorkspaceConfiguration } from 'vscode';
import { isSettingValue, type Settings } from '../core/settings';

const section = 'activityLog';

/**
 * The value in force; the default where someone has set what the setting cannot be. Application scope keeps workspace
 * values out.
 */
export function setting<K extends keyof Settings>(name: K): Settings[K] {
  configuration ??= readConfiguration();
  const value = configuration.get<unknown>(name);
  return isSettingValue(name, value) ? value : (configuration.inspect(name)?.defaultValue as Settings[K]);
}

/** A snapshot: rows of the tree read settings thousands of times, and making one takes VS Code a while. */
let configuration: WorkspaceConfiguration | undefined;

function readConfiguration(): WorkspaceConfiguration {
  const change = workspace.onDidChangeConfiguration(() => {
    configuration = undefined;
    change.dispose();
  });
  return workspace.getConfiguration(section);
}

/** Calls `listener` when one of `names` changes. */
export function onDidChangeSetting(names: readonly (keyof Settings)[], listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event: ConfigurationChangeEvent) => {
    if (!names.some((name) => event.affectsConfiguration(`${section}.${name}`))) return;
    configuration = undefined; // whoever hears of the change first
    listener();
  });
}
