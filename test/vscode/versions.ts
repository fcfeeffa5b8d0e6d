/** A VS Code that is tested against, as its server can be had from npm. */
export interface VSCodeVersion {
  /** What `--version` takes. */
  readonly name: string;
  readonly vscode: string;
  /** Version of the npm package that holds the server. */
  readonly codeServer: string;
  /** Major version of Node the server is made for. */
  readonly node: number;
  /** What the server needs to be told before it runs extension tests. */
  readonly options: readonly string[];
}

/** The oldest supported version and the newest known one. */
export const versions: readonly VSCodeVersion[] = [
  { name: '1.103', vscode: '1.103.2', codeServer: '4.103.2', node: 22, options: [] },
  { name: '1.139', vscode: '1.139.1', codeServer: '4.139.1', node: 24, options: ['--enable-smoke-test-driver'] },
];

/** The versions named (`1.103`), all when none is. */
export function chooseVersions(names: readonly string[]): readonly VSCodeVersion[] {
  const unknown = names.find((name) => !versions.some((version) => version.name === name));
  if (unknown !== undefined) {
    throw new Error(`No VS Code ${unknown} here; there is ${versions.map((version) => version.name).join(' and ')}`);
  }
  return names.length === 0 ? versions : versions.filter((version) => names.includes(version.name));
}
