import { isSecretName } from './secretNames';

/** The values of secrets, to be hidden wherever else they stand, each with the path of where it was found first. */
export type SecretValues = Map<string, string>;

interface Span {
  readonly start: number;
  readonly end: number;
  readonly path: string;
}

/** More are not looked for: each costs a pass over the text. */
const maxValues = 20;
const maxValue = 4096;

/** Keeps the values of `secrets` that can be told from ordinary words and numbers. */
export function noteValues(text: string, secrets: readonly Span[], values: SecretValues): void {
  for (const { start, end, path } of secrets) {
    if (values.size >= maxValues) return;
    if (end - start > maxValue || !isSecretName(lastName(path))) continue;
    const written = text.slice(start, end);
    for (const value of new Set([written, unescape(written)])) {
      if (isTelling(value) && !values.has(value)) values.set(value, path);
    }
  }
}

/** Where the values stand in `text` as words of their own. */
export function findValues(text: string, values: SecretValues): Span[] {
  const found: Span[] = [];
  for (const [value, path] of values) {
    for (let start = text.indexOf(value); start >= 0; start = text.indexOf(value, start + value.length)) {
      const end = start + value.length;
      if (!isWord(text, start - 1) && !isWord(text, end)) found.push({ start, end, path });
    }
  }
  return found;
}

function isTelling(value: string): boolean {
  if (value.length < 6 || /^\d+$/.test(value) || (/^[\w-]+$/.test(value) && isSecretName(value))) return false;
  return value.length >= 10 || !/^[A-Za-z]?[a-z]+$/.test(value);
}

function isWord(text: string, at: number): boolean {
  return /^[A-Za-z0-9]/.test(text.charAt(at));
}

/** The name in `server.adminPass`, `passwords[0]`, `url: token`. */
function lastName(path: string): string {
  return (
    path
      .split(/[.:\s]/)
      .at(-1)
      ?.split('[', 1)[0] ?? ''
  );
}

function unescape(written: string): string {
  if (!written.includes('\\')) return written;
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    return written;
  }
}
