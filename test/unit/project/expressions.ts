import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import type { Work } from './growth';
import { readSources } from './sources';

/** A regular expression of the source. */
interface Expression {
  readonly file: string;
  /** Its file and how it is written there. */
  readonly name: string;
  /** Undefined where it is put together from what is known only when the program runs. */
  readonly pattern: RegExp | undefined;
  readonly isSplit: boolean;
}

/** All regular expressions of `src` and `webview`, those that are copies of another left out. */
export function collectExpressions(): Expression[] {
  return readSources().flatMap(({ file, source }) => {
    const found: Expression[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node) || isConstruction(node)) {
        const pattern = ts.isNewExpression(node) ? evaluate(node, source) : literal(node.text);
        if (pattern !== 'copy')
          found.push({ file, name: `${file} ${node.getText()}`, pattern, isSplit: isSplit(node) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** Places where a sticky expression may find nothing before it is given up. */
const mostMisses = 20;

/** Uses the expression the way the source does: looks for one, for all, for what parts a text, or for one behind another. */
export function use({ isSplit }: Pick<Expression, 'isSplit'>, pattern: RegExp): Work {
  if (isSplit) return (text) => text.split(pattern);
  if (pattern.sticky) {
    return (text) => {
      for (let at = 0, misses = 0; misses < mostMisses && at < text.length; at = Math.max(at + 1, pattern.lastIndex)) {
        pattern.lastIndex = at;
        if (!pattern.test(text)) misses++;
      }
    };
  }
  if (pattern.global) return (text) => text.replace(pattern, '');
  return (text) => pattern.test(text);
}

/** Pieces of text that an expression itself asks for: its literal words, and a character of each of its classes. */
export function piecesOf({ source }: RegExp): string[] {
  const words = source
    .replace(/\\u([\da-f]{4})|\\x([\da-f]{2})/g, (_, long?: string, short?: string) =>
      String.fromCharCode(parseInt(long ?? short ?? '', 16)),
    )
    .replace(/\[\^?(\\?.)(?:[^\]\\]|\\.)*\]/g, '$1')
    .replace(/\(\?(?:[:=!]|<[=!]|<\w+>)/g, '(')
    .replace(/\\[dD]/g, '0')
    .replace(/\\[wWpP](?:\{\w+\})?/g, 'a')
    .replace(/\\s/g, ' ')
    .replace(/\\[tnr]/g, (escape) => ({ '\\t': '\t', '\\n': '\n' })[escape] ?? '\r')
    .replace(/\\[bSB]/g, '')
    .split(/(?<!\\)(?:[()|^$.*?+]|\{\d+,?\d*\})/)
    .map((word) => word.replace(/\\(.)/g, '$1'))
    .filter((word) => word !== '');
  return [...new Set([...words.slice(0, 6), words.slice(0, 2).join('')])].filter((piece) => piece !== '');
}

function isConstruction(node: ts.Node): node is ts.NewExpression {
  return ts.isNewExpression(node) && node.expression.getText() === 'RegExp';
}

function isSplit({ parent }: ts.Node): boolean {
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    parent.expression.name.text === 'split'
  );
}

function literal(text: string): RegExp {
  const end = text.lastIndexOf('/');
  return new RegExp(text.slice(1, end), text.slice(end + 1));
}

/** The expression that stands there, if constants of the file are all that it is made of. */
function evaluate(node: ts.NewExpression, source: ts.SourceFile): RegExp | 'copy' | undefined {
  const constants = new Map<string, string>();
  const note = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner) && !constants.has(inner.text)) {
      const initializer = constantOf(inner.text, source);
      if (initializer) {
        constants.set(inner.text, initializer.getText());
        note(initializer);
      }
    }
    ts.forEachChild(inner, note);
  };
  note(node);
  const argument = node.arguments?.[0];
  if (argument && ts.isIdentifier(argument)) return 'copy';
  const declared = [...constants].reverse().map(([name, text]) => `const ${name} = ${text};`);
  try {
    const { source: pattern, flags } = runInNewContext(`${declared.join('\n')}\n(${node.getText()})`) as RegExp;
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

function constantOf(name: string, source: ts.SourceFile): ts.Expression | undefined {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const declared of statement.declarationList.declarations)
      if (declared.name.getText() === name) return declared.initializer;
  }
  return undefined;
}
