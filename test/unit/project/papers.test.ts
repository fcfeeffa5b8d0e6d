import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packedReadme } from '../../packedReadme.mjs';

const names = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync('docs').map((name) => `docs/${name}`)];
const papers = names.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const textOf = (file: string): string => papers.find((paper) => paper.file === file)?.text ?? '';
const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  contributes: {
    commands: readonly { readonly command: string }[];
    configuration: { properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
};

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

/** What stands in backticks. */
function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** What stands in backticks in the first columns of tables. */
function namedInTables(text: string): string[] {
  return [...text.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) => codeIn(cell));
}

/** The identifiers of the sources. */
function wordsOfSources(): ReadonlySet<string> {
  const words = new Set<string>();
  for (const folder of ['src', 'webview']) {
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      for (const [word] of readFileSync(path.join(folder, file), 'utf8').matchAll(/[A-Za-z_$][\w$]*/g)) words.add(word);
    }
  }
  return words;
}

describe('The papers', () => {
  it('begin with a README that is read in five minutes', () => {
    const words = textOf('README.md')
      .split(/\s+/)
      .filter((word) => word !== '');
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

  it('say under one heading what is not released yet', () => {
    assert.match(textOf('CHANGELOG.md'), /^# Changelog\n\n## \[Unreleased\]\n/);
  });

  it('are shipped as a README without pictures and links that lead nowhere', () => {
    const readme = textOf('README.md');
    const packed = packedReadme(readme);
    assert.deepEqual(linksOf(packed), []);
    assert.doesNotMatch(packed, /^!|\bSee \S+\.|\bMore[:.]|\(\)| \.|\n{3}/m);
    assert.deepEqual(anchorsOf(packed), anchorsOf(readme));
    assert.equal(packedReadme('A [b](c.md), [d](https://e). More: [f](g.md), [h](i.md#j).'), 'A b, [d](https://e).');
  });

  it('name every setting with its default', () => {
    for (const [name, { default: standard }] of Object.entries(contributes.configuration.properties)) {
      const text = typeof standard === 'string' ? standard : JSON.stringify(standard);
      const shown = typeof standard === 'number' || text === '' ? text : `\`${text}\``;
      const row = `| \`${name.replace('activityLog.', '')}\` | ${shown}`.trim();
      assert.ok(textOf('docs/settings.md').includes(`\n${row} | `), row);
    }
  });

  it('name every command, and no other', () => {
    const commands = contributes.commands.map(({ command }) => command.replace('activityLog.', ''));
    assert.deepEqual(namedInTables(textOf('docs/commands-and-api.md')).sort(), commands.sort());
  });

  it('name every room, and no other', async () => {
    const walls = pathToFileURL(path.resolve('eslint.walls.mjs')).href;
    const { rooms } = (await import(walls)) as { rooms: object };
    const [, chapter = ''] = /^## Rooms\n([^]*?)^## /m.exec(textOf('docs/architecture.md')) ?? [];
    assert.deepEqual(namedInTables(chapter).sort(), Object.keys(rooms).sort());
  });

  it('name only files and code that are there', () => {
    const words = wordsOfSources();
    for (const { file, text } of papers) {
      for (const code of codeIn(text)) {
        if (/^(?:src|webview|test|docs)\/[\w./-]+$/.test(code)) assert.ok(existsSync(code), `${file}: ${code}`);
      }
    }
    const architecture = textOf('docs/architecture.md');
    const drawn = [...architecture.matchAll(/^```mermaid\n([^]*?)^```/gm)].flatMap(([, text = '']) => [
      ...text.replace('sequenceDiagram', '').matchAll(/\b\w*[a-z][A-Z]\w*(?:\.\w+)?/g),
    ]);
    assert.ok(drawn.length > 20);
    for (const name of [...drawn.map(([name]) => name), ...codeIn(architecture)]) {
      if (!/^\w+(?:\.\w+)?$/.test(name)) continue;
      for (const word of name.split('.')) assert.ok(words.has(word), `docs/architecture.md: ${name}`);
    }
  });
});
