import { presetNames, type Preset, type Zone } from '../../core/time/days';

/** The settings of the extension with their types. */
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
  readonly codeLens: boolean;
  readonly 'export.csvFormulaGuard': boolean;
}

type Check = (value: unknown) => boolean;

/** What the manifest allows: the editor underlines other values but hands them out all the same. */
const checks: { readonly [K in keyof Settings]: Check } = {
  components: (value) => Array.isArray(value) && value.every(isText),
  timeZone: oneOf(['local', 'utc']),
  defaultRange: oneOf(presetNames),
  pageSize: between(1, 10_000),
  concurrency: between(1, 16),
  autoRefreshSeconds: between(0, 86_400),
  redactSecrets: isFlag,
  historyDays: between(1, 3650),
  caFile: isText,
  serviceUrls: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText),
  codeLens: isFlag,
  'export.csvFormulaGuard': isFlag,
};

/** Whether `value` is one that the setting may have. */
export function isSettingValue<K extends keyof Settings>(name: K, value: unknown): value is Settings[K] {
  return checks[name](value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function oneOf(values: readonly unknown[]): Check {
  return (value) => values.includes(value);
}

function between(least: number, most: number): Check {
  return (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}
