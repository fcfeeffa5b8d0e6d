import {
  workspace,
  type ConfigurationChangeEvent,
  type Disposable,
  type Uri,
  type WorkspaceConfiguration,
} from 'vscode';
import { isSettingValue, type Settings } from './settingDefaults';

const section = 'activityLog';

/**
 * The value in force, for those of resource scope at `resource`; the default where someone has set what the setting cannot be.
 * Application scope keeps workspace values out.
 */
export function setting<K extends keyof Settings>(name: K, resource?: Uri): Settings[K] {
  const source = resource ? workspace.getConfiguration(section, resource) : (configuration ??= readConfiguration());
  const value = source.get<unknown>(name);
  return isSettingValue(name, value) ? value : (source.inspect(name)?.defaultValue as Settings[K]);
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
