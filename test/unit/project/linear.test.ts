import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hint } from '../../../src/core/redact/secretText';
import { collectExpressions, piecesOf, use } from './expressions';
import { commonShapes, findRunaway, shapes, type Work } from './growth';
import { collectScanners, nameOf, type Scanner } from './scanners';
import { fed, given, unfed } from './scannerWork';

type Module = Readonly<Record<string, (...parameters: unknown[]) => unknown>>;

/** The bundler finds the files by these patterns. */
const loaders: Readonly<Record<string, (name: string) => Promise<Module>>> = {
  'src/api': async (name) => (await import(`../../../src/api/${name}.ts`)) as Module,
  'src/core': async (name) => (await import(`../../../src/core/${name}.ts`)) as Module,
  'src/export': async (name) => (await import(`../../../src/export/${name}.ts`)) as Module,
  'src/history': async (name) => (await import(`../../../src/history/${name}.ts`)) as Module,
  'src/credentials': async (name) => (await import(`../../../src/credentials/${name}.ts`)) as Module,
  'src/protocol': async (name) => (await import(`../../../src/protocol/${name}.ts`)) as Module,
  'src/terraform': async (name) => (await import(`../../../src/terraform/${name}.ts`)) as Module,
};

/** Expressions that are put together when the program runs, in the order of their file, as they may come out. */
const made: Readonly<Record<string, readonly RegExp[]>> = {
  // The second is a part of the first.
  'src/core/redact/secretText.ts': [hint, hint, /(?:A|ew0K)[\w+/-]{12,}={0,2}/y],
  'src/terraform/syntax/hclCursor.ts': [/^[ \t]*A[ \t]*\r?$/gmu],
  'src/export/write/delimited.ts': [
    /[,"\r\n]|^$|^\s|\s$/,
    /^'(?='*(?:(?![\t\r\n])[\p{Cc}\s"])*(?:[=+]|[\t\r\n]))/u,
    /([,;|\t\r\n])'(?='*(?:(?![\t\r\n])[\p{Cc}\s"])*[=+])/gu,
  ],
  'src/history/query/termPattern.ts': [/[aA]\\?\/\\"[aA]\x20\x20(?:\xc3\xa9|\\u00[eE]9)[aA]/],
  'webview/editor/editor.ts': [/\u2060(?=[[{])/g],
};

/** An expression is quick, so that quadratic work stands out with less; what calls several needs more to be told from them. */
const [smallForExpressions, smallForScanners] = [2000, 4000];

describe('Whatever others write', function () {
  const expressions = collectExpressions();

  it('takes each regular expression no more than linear time', () => {
    assert.ok(expressions.length > 350);
    const known = expressions.filter(({ pattern }) => pattern);
    const others = Object.entries(made).flatMap(([file, patterns]) =>
      patterns.map((pattern) => ({ file, name: `${file} ${String(pattern)}`, pattern, isSplit: false })),
    );
    const runaways = [...known, ...others].flatMap((expression) => {
      const pattern = expression.pattern!;
      const found = findRunaway(use(expression, pattern), shapes(piecesOf(pattern)), smallForExpressions);
      return found === undefined ? [] : [`${expression.name} ${found}`];
    });
    assert.deepEqual(runaways, []);
  });

  it('meets no regular expression that this test does not know', () => {
    const unknown = expressions.filter(({ pattern }) => !pattern).map(({ file }) => file);
    const known = Object.entries(made).flatMap(([file, patterns]) => patterns.map(() => file));
    assert.deepEqual(unknown.sort(), known.sort());
  });

  const scanners = collectScanners();

  it('meets no function that this test does not know', () => {
    const names = new Set(scanners.map(nameOf));
    const left = scanners.filter((scanner) => !isDerived(scanner) && !fed[nameOf(scanner)]).map(nameOf);
    assert.deepEqual(left.sort(), Object.values(unfed).flat().sort());
    for (const name of Object.keys(fed).filter((name) => !names.has(name))) {
      const [file = '', exported = ''] = name.split(' ');
      assert.match(readFileSync(file, 'utf8'), new RegExp(`^export (?:function\\*?|class) ${exported}\\b`, 'm'), name);
    }
  });

  const derived = scanners.filter((scanner) => isDerived(scanner) && !fed[nameOf(scanner)]);
  const works = [
    ...Object.entries(fed).map(([name, work]) => ({ name, work: async () => work })),
    ...derived.map((scanner) => ({ name: nameOf(scanner), work: () => derive(scanner) })),
  ];
  for (const { name, work } of works) {
    it(`takes ${name} no more than linear time`, async () => {
      assert.equal(findRunaway(careful(await work()), commonShapes, smallForScanners), undefined);
    });
  }
});

/** Whether it can be called with what its parameters are known to take. */
function isDerived({ file, parameters }: Scanner): boolean {
  return loaders[roomOf(file)] !== undefined && parameters.every((type) => given[type]);
}

async function derive({ file, name, parameters }: Scanner): Promise<Work> {
  const room = roomOf(file);
  const run = (await loaders[room]!(file.slice(room.length + 1, -'.ts'.length)))[name]!;
  return (text) => {
    const calls = parameters.reduce<readonly (readonly unknown[])[]>(
      (lists, type) => given[type]!(text).flatMap((value) => lists.map((list) => [...list, value])),
      [[]],
    );
    return calls.map((call) => exhaust(run(...call)));
  };
}

/** Takes what a generator gives: it does nothing before. */
function exhaust(result: unknown): unknown {
  return isIterator(result) ? [...result] : result;
}

function isIterator(value: unknown): value is IterableIterator<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value;
}

/** Refusals are answers, too; but what ends in too long a text or too deep a stack does not end well. */
function careful(work: Work): Work {
  return (text) => {
    try {
      return work(text);
    } catch (error) {
      if (error instanceof RangeError && /string length|array length|call stack/.test(error.message)) throw error;
      return undefined;
    }
  };
}

function roomOf(file: string): string {
  return file.split('/', 2).join('/');
}
