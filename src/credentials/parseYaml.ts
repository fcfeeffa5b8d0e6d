import { parse, Parser } from 'yaml';

/**
 * YAML with all scalars as they are written: a project id of digits is no number. Shared parts are merged (`<<`).
 * @throws where it is none, or multiplies itself by its aliases
 */
export function parseYaml(text: string): unknown {
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
