import type { ActivityEvent, Json } from './event';

/** Where a secret stands in a text. */
export interface Secret {
  /** The span of the value without its quotes, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Where it was found, for people: `server.adminPass`, `list[0].token`. */
  readonly path: string;
  /** What must stand around the mask so that JSON stays JSON; only for values that had no quotes. */
  readonly quote?: string;
}

/** Stands for a secret, whatever its length. */
export const mask = '••••••';

const simple =
  /("(?:[^"\\]*(?:pass(?:word|wd|phrase)?|secret|token|private_key|psk|auth_key|user_data|access_key))"\s*:\s*")((?:[^"\\]|\\.)*)/gi;

export function findSecrets(text: string): Secret[] {
  const secrets: Secret[] = [];
  for (const found of text.matchAll(simple)) {
    const start = found.index + (found[1] ?? '').length;
    const end = found.index + found[0].length;
    if (end > start) secrets.push({ start, end, path: '' });
  }
  return secrets;
}

/** `text` with every secret replaced by {@link mask}. */
export function redactText(text: string): string {
  return maskSecrets(text, findSecrets(text)).text;
}

/** Puts masks in place of `secrets`; says where the masks stand. */
export function maskSecrets(text: string, secrets: readonly Secret[]): { text: string; masks: Secret[] } {
  const parts: string[] = [];
  const masks: Secret[] = [];
  let from = 0;
  let length = 0;
  const add = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  for (const { start, end, path, quote = '' } of secrets) {
    add(text.slice(from, start) + quote);
    masks.push({ start: length, end: length + mask.length, path });
    add(mask + quote);
    from = end;
  }
  add(text.slice(from));
  return { text: parts.join(''), masks };
}

export function redactUri(uri: string): string {
  return uri.replace(/([?&][^=&#]*(?:token|password|secret)[^=&#]*=)[^&#]*/gi, `$1${mask}`);
}

export function redactEvent(event: ActivityEvent): ActivityEvent {
  const redacted: Record<string, Json> = {};
  for (const [field, value] of Object.entries(event)) {
    redacted[field] = typeof value === 'string' ? (field === 'uri' ? redactUri(value) : redactText(value)) : value;
  }
  return redacted;
}
