import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const papers = ['README.md', 'CONTRIBUTING.md', ...readdirSync('docs').map((name) => `docs/${name}`)].map((file) => ({
  file,
  text: readFileSync(file, 'utf8'),
}));

/** The places that a paper links to, but for the web. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^\w+:/.test(target));
}

/** The names by which links reach the headings of a paper. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('The papers', () => {
  it('begin with a README that is read in five minutes', () => {
    const words = papers[0]!.text.split(/\s+/).filter((word) => word !== '');
    assert.ok(words.length <= 900, `${words.length} words`);
  });

  it('link only to what is there', () => {
    for (const { file, text } of papers) {
      for (const link of linksOf(text)) {
        const [target = '', anchor] = link.split('#');
        const other = target === '' ? file : path.join(path.dirname(file), target);
        assert.ok(existsSync(other), `${file}: ${link}`);
        if (anchor !== undefined)
          assert.ok(anchorsOf(readFileSync(other, 'utf8')).includes(anchor), `${file}: no heading for ${link}`);
      }
    }
  });

  it('are all reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const file of reached) {
      const targets = linksOf(readFileSync(file, 'utf8')).map((link) =>
        path.join(path.dirname(file), link.split('#')[0] ?? '').replaceAll('\\', '/'),
      );
      for (const target of targets) if (target.endsWith('.md') && existsSync(target)) reached.add(target);
    }
    assert.deepEqual(
      papers.map(({ file }) => file).filter((file) => !reached.has(file)),
      [],
    );
  });

  it('name every setting', () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      contributes: { configuration: { properties: object } };
    };
    const settings = readFileSync('docs/settings.md', 'utf8');
    for (const name of Object.keys(contributes.configuration.properties))
      assert.ok(settings.includes(`\`${name.replace('activityLog.', '')}\``), name);
  });
});
