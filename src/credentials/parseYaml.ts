import { parse } from 'yaml';

/**
 * YAML with all scalars as they are written: a project id of digits is no number. Shared parts are merged (`<<`).
 * @throws where it is none, or multiplies itself by its aliases
 */
export function parseYaml(text: string): unknown {
  return parse(text, { schema: 'failsafe', merge: true, uniqueKeys: false, maxAliasCount: 100, logLevel: 'error' });
}
