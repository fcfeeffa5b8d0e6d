import ts from 'typescript';
import { readSources } from './sources';

/** A function that others' text can reach. */
export interface Scanner {
  readonly file: string;
  readonly name: string;
  /** The types of the parameters it needs, as they are written. */
  readonly parameters: readonly string[];
}

/** Rooms that know nothing but what they are given, and of the others the files that have neither editor nor disk nor network. */
const bound = /^(?:vscode|undici|node:(?:fs|net|tls|http|https|zlib|sqlite|worker_threads|stream)(?:\/promises)?)$/;

/** Types that hold text of others. */
const textual = /\b(?:string|ActivityEvent|Json|Uint8Array|unknown|BodyUpTo|Body)\b/;

/** All exported functions that take text and give an answer at once, in files that see neither the editor nor a disk nor a network. */
export function collectScanners(): Scanner[] {
  return readSources().flatMap(({ file, source }) => {
    if (/\/sample\//.test(file) || source.statements.some(isBound)) return [];
    return source.statements
      .filter((statement) => ts.isFunctionDeclaration(statement))
      .filter((statement) => has(statement, ts.SyntaxKind.ExportKeyword) && !has(statement, ts.SyntaxKind.AsyncKeyword))
      .map(({ name, parameters, type }) => ({
        file,
        name: name?.text ?? '',
        type: type?.getText() ?? '',
        parameters: parameters
          .filter((parameter) => !parameter.questionToken && !parameter.initializer)
          .map((parameter) => parameter.type?.getText() ?? 'unknown'),
      }))
      .filter(({ parameters, type }) => parameters.some((text) => textual.test(text)) && !/Promise|Async/.test(type));
  });
}

/** Its file and name. */
export function nameOf({ file, name }: Scanner): string {
  return `${file} ${name}`;
}

function isBound(statement: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(statement) &&
    statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword &&
    bound.test((statement.moduleSpecifier as ts.StringLiteral).text)
  );
}

function has(statement: ts.FunctionDeclaration, kind: ts.SyntaxKind): boolean {
  return statement.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}
