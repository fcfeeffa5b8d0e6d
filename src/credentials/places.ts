import path from 'node:path';

/** Where to look for clouds. */
export interface HomePlaces {
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folders of the workspace. */
  readonly folders: readonly string[];
  /** Whether files of the workspace may be read. */
  readonly trusted: boolean;
}

/** The folders in which OpenStack's tools look for clouds.yaml after the working folder, in their order. */
export function configFolders({ home, platform, environment }: HomePlaces): string[] {
  const own =
    platform === 'win32'
      ? path.join(environment['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'OpenStack', 'openstack')
      : platform === 'darwin'
        ? path.join(home, 'Library', 'Application Support', 'openstack')
        : path.join(environment['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'openstack');
  const site =
    platform === 'win32'
      ? path.join(environment['PROGRAMDATA'] ?? 'C:\\ProgramData', 'OpenStack', 'openstack')
      : platform === 'darwin'
        ? '/Library/Application Support/openstack'
        : '/etc/xdg/openstack';
  return [...new Set([own, path.join(home, '.config', 'openstack'), site, '/etc/openstack'])];
}

/** Folders in which people keep openrc files, those of the workspace aside. */
export function scriptFolders(surroundings: HomePlaces): string[] {
  const { home } = surroundings;
  return [home, path.join(home, 'Downloads'), ...configFolders(surroundings)];
}

/** The names of a kind of file, in their order: `clouds` -> clouds.yaml, clouds.yml, clouds.json. */
export function fileNames(kind: 'clouds' | 'secure' | 'clouds-public'): string[] {
  return ['yaml', 'yml', 'json'].map((ending) => `${kind}.${ending}`);
}

export function isScriptName(name: string): boolean {
  return /(?:openrc|keystonerc)[^/\\]*$/i.test(name) && /(?:rc|\.(?:sh|bash|ps1|bat|cmd|txt|env))$/i.test(name);
}
