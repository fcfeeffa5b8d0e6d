import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

interface Package {
  readonly engines?: { readonly node?: string };
  readonly deprecated?: string;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Readonly<Record<string, Package>> };
const packages = Object.entries(lock.packages).filter(([name]) => name !== '');

/** The oldest Node that the README lets people have. */
const oldest = [20, 19] as const;

/** Whether `oldest` is in a range such as `^20.19.0 || ^22.13.0 || >=24`. */
function runsOn(range: string): boolean {
  return range.split('||').some((part) => {
    const [, sign = '', major = '0', minor = '0'] = /^\s*(\D*?)\s*(\d+)(?:\.(\d+))?/.exec(part) ?? [];
    const isOld = oldest[0] > Number(major) || (oldest[0] === Number(major) && oldest[1] >= Number(minor));
    return sign === '^' ? oldest[0] === Number(major) && isOld : isOld;
  });
}

describe('The packages', () => {
  it('install without a warning on the Node that the README asks for', () => {
    assert.match(readFileSync('README.md', 'utf8'), new RegExp(`Node\\.js ${oldest.join('\\.')} or newer`));
    const refused = packages.filter(([, { engines }]) => engines?.node !== undefined && !runsOn(engines.node));
    assert.deepEqual(refused, []);
    const deprecated = packages.filter(([, { deprecated }]) => deprecated !== undefined);
    assert.deepEqual(deprecated, []);
  });

  it('run no install script that nobody has decided on', () => {
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { allowScripts: object };
    const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([name]) => name);
    assert.deepEqual(
      scripts.map((name) => name.replace(/^node_modules\//, '')).filter((name) => !(name in allowScripts)),
      [],
    );
  });
});
