import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

interface Source {
  /** From the root of the repository, with slashes. */
  readonly file: string;
  readonly source: ts.SourceFile;
}

/** The syntax trees of all files of `src` and `webview`. */
export function readSources(): Source[] {
  return ['src', 'webview'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .map((name) => {
        const file = `${folder}/${name.replaceAll('\\', '/')}`;
        return { file, source: ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true) };
      }),
  );
}
