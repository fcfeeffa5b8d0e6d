import { type Json } from '../json/json';
import { fieldText, outcomeOf, type ActivityEvent } from '../event/event';
import { readPartialJson } from '../json/partialJson';
import { visibleText } from '../base/visibleText';

/**
 * What the service says went wrong, out of the answer to a call that did not succeed, in one line, cut to a length fit for a
 * header. Undefined where the answer says nothing. Secrets must be masked already.
 */
export function failureMessage(event: ActivityEvent): string | undefined {
  if (outcomeOf(event) === 'success') return undefined;
  const text = fieldText(event, 'response_body').trim();
  if (text === '' || text === '<BINARY_DATA>') return undefined;
  const said = /^[[{"]/.test(text) ? readJson(text) : text.startsWith('<') ? readMarkup(text) : text;
  const line = said?.replace(/\s+/g, ' ').trim();
  return line ? visibleText(line, maxMessage) : undefined;
}

const maxMessage = 1_000;

/** JSON in JSON (some services wrap the message so) is read as deep as this. */
const deepest = 4;

function readJson(text: string): string | undefined {
  const { value } = readPartialJson(text);
  const said = value === undefined ? undefined : messageIn(value, deepest);
  return said ?? cutOffMessage(text);
}

/** The names that services use, the most telling first. */
const names = (
  'message faultstring detail error_description error_message msg NeutronError QuantumError error fault errors ' +
  'explanation reason description details title'
).split(' ');

/** Names that things have as well. */
const plainNames = new Set(['description', 'details', 'title', 'reason']);

function messageIn(value: Json, depth: number): string | undefined {
  if (typeof value === 'string')
    return depth > 0 && /^\s*[[{]/.test(value) ? (readInner(value, depth) ?? value) : value;
  if (typeof value !== 'object' || value === null || depth === 0) return undefined;
  if (Array.isArray(value)) {
    const said = (value as readonly Json[]).slice(0, 5).map((element) => messageIn(element, depth - 1));
    return said.filter((text) => text !== undefined).join('; ') || undefined;
  }
  const object = value as { readonly [key: string]: Json };
  const own = (name: string): Json | undefined => (Object.hasOwn(object, name) ? object[name] : undefined);
  const isThing = own('id') !== undefined || own('uuid') !== undefined;
  for (const name of names) {
    const found = isThing && plainNames.has(name) ? undefined : own(name);
    const said = found === undefined || found === '' ? undefined : messageIn(found, depth - 1);
    if (said !== undefined) return withDetail(said, own('detail'));
  }
  const byField = own('errors') ?? own('message');
  if (typeof byField === 'object') return messagesByField(byField);
  const [only, ...rest] = Object.values(object);
  if (rest.length === 0 && typeof only === 'object' && only !== null && !Array.isArray(only)) {
    return namesMessage(only as { readonly [key: string]: Json }) ? messageIn(only, depth - 1) : undefined;
  }
  return undefined;
}

function readInner(text: string, depth: number): string | undefined {
  const { value } = readPartialJson(text);
  return value === undefined ? undefined : messageIn(value, depth - 1);
}

/** `{"name": ["is taken"]}` */
function messagesByField(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const said = Object.entries(value).flatMap(([field, texts]) => {
    const list = Array.isArray(texts) ? (texts as readonly Json[]) : [texts];
    return list.filter((text) => typeof text === 'string').map((text) => `${field}: ${text}`);
  });
  return said.slice(0, 5).join('; ') || undefined;
}

/** `{"badRequest": {"message": ...}}` tells of a failure, `{"server": {"description": ...}}` of a server. */
function namesMessage(value: { readonly [key: string]: Json }): boolean {
  return ['message', 'faultstring', 'error'].some((name) => Object.hasOwn(value, name));
}

function withDetail(said: string, detail: Json | undefined): string {
  return typeof detail === 'string' && detail.trim() !== '' && !said.includes(detail) ? `${said} ${detail}` : said;
}

/** The message of JSON that is cut off within it. */
function cutOffMessage(text: string): string | undefined {
  const [, said = ''] = /"(?:message|faultstring)"\s*:\s*"((?:[^"\\]|\\.)*)(?:\\.?)?$/s.exec(text) ?? [];
  return said === '' ? undefined : `${said.replace(/\\(?:u[\da-fA-F]{0,4}|.)/g, ' ')}…`;
}

/** The words of a page: its body where it has one, without scripts, tags and entities. */
function readMarkup(text: string): string {
  const body = /<body[^>]*>([^]*)/i.exec(text)?.[1] ?? text;
  return body
    .replace(/<(script|style)\b[^]*?(?:<\/\1>|$)/gi, ' ')
    .replace(/<\/?[a-z!][^>]*(?:>|$)/gi, ' ')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? ' ');
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
