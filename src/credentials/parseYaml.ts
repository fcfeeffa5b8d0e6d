import { Lexer, parse, Parser } from 'yaml';
import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';

/** Each takes up to 1 KB of memory, hundreds of times what it takes in the file. */
const maxTokens = 150_000;
/** What `<<: *name` merges is copied. */
const maxAliases = 200;

/**
 * YAML with all scalars as they are written: a project id of digits is no number. Shared parts are merged (`<<`).
 * @throws UserError naming `file` where it holds more than is read; another error where it is none, or multiplies itself by its aliases
 */
export function parseYaml(text: string, file: string): unknown {
  checkBounds(text, file);
  // The first fault is enough: to explain each of very many would take longer than reading may.
  for (const { type } of new Parser().parse(text)) if (type === 'error') throw new SyntaxError('Not YAML');
  return parse(text, {
    schema: 'failsafe',
    merge: true,
    uniqueKeys: false,
    maxAliasCount: 100,
    logLevel: 'error',
    prettyErrors: false,
  });
}

/** Before anything is built: a worker that runs out of memory may take the editor with it. */
function checkBounds(text: string, file: string): void {
  let [tokens, aliases] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    if (++tokens > maxTokens) {
      throw new UserError(
        message('{0} was left out: YAML of more than {1} words and signs is not read.', file, maxTokens),
      );
    }
    if (token.startsWith('*') && ++aliases > maxAliases) {
      throw new UserError(message('{0} was left out: YAML with more than {1} aliases is not read.', file, maxAliases));
    }
  }
}
