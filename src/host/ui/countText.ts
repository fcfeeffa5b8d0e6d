import { env } from 'vscode';

/** A number with the digit groups of the editor's language. */
export function countText(value: number): string {
  return value.toLocaleString(env.language);
}
