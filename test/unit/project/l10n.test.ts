import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type Typescript from 'typescript';

const ts = createRequire(path.resolve('package.json'))('typescript') as typeof Typescript;

/** The functions whose first argument is a text for people. */
const markers = new Set(['l10n.t', 'message']);

/** Where the template of a message is handed to the editor. */
const allowed = new Set(['translate.ts']);

type Bundle = Record<string, string>;

describe('Translations', () => {
  const collected = collect();
  const russian = read('l10n/bundle.l10n.ru.json');
  const english = read('l10n/bundle.l10n.json');

  if (process.env['UPDATE_L10N']) {
    const texts = [...collected.texts].sort();
    write('l10n/bundle.l10n.json', Object.fromEntries(texts.map((text) => [text, text])));
    write('l10n/bundle.l10n.ru.json', Object.fromEntries(texts.map((text) => [text, russian[text] ?? ''])));
  }

  it('finds only literal texts in the source', () => {
    assert.deepEqual(collected.dynamic, []);
  });

  it('has every text of the source in both bundles, and no other', () => {
    const texts = [...collected.texts].sort();
    assert.ok(texts.length > 100);
    assert.deepEqual(Object.keys(english).sort(), texts);
    assert.deepEqual(Object.keys(russian).sort(), texts);
  });

  it('translates every text, with the same places', () => {
    for (const [text, translation] of Object.entries(russian)) {
      assert.notEqual(translation, '', `not translated: ${text}`);
      assert.deepEqual(places(translation), places(text), text);
    }
  });

  it('translates every text of the manifest', () => {
    const manifest = readFileSync('package.json', 'utf8');
    const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key).sort();
    const names = [...new Set(used)];
    assert.deepEqual(Object.keys(read('package.nls.json')).sort(), names);
    assert.deepEqual(Object.keys(read('package.nls.ru.json')).sort(), names);
    for (const value of Object.values(read('package.nls.ru.json'))) assert.notEqual(value, '');
  });
});

function collect(): { texts: Set<string>; dynamic: string[] } {
  const texts = new Set<string>();
  const dynamic: string[] = [];
  const files = ['src', 'webview'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.join(folder, file)),
  );
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: Typescript.Node): void => {
      if (ts.isCallExpression(node) && markers.has(node.expression.getText(source))) {
        const [first] = node.arguments;
        if (first && ts.isStringLiteralLike(first)) texts.add(first.text);
        else if (!allowed.has(path.basename(file))) dynamic.push(`${file}: ${node.getText(source).slice(0, 80)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { texts, dynamic };
}

function places(text: string): string[] {
  return [...new Set(text.match(/\{\d+/g) ?? [])].sort();
}

function read(file: string): Bundle {
  return JSON.parse(readFileSync(file, 'utf8')) as Bundle;
}

function write(file: string, bundle: Bundle): void {
  writeFileSync(file, `${JSON.stringify(bundle, undefined, 2)}\n`);
}
