import type { Json } from '../core/json/json';
import { readPartialJson } from '../core/json/partialJson';
import { mask, redactText } from '../core/redact/redact';
import type { Answer } from './httpClient';

const longest = 200;
/** UTF-16 units of a refusal that are looked at. */
const maxRead = 4096;

/** A short quotation of what a server says about its refusal: one line, no secrets, no queries. '' where it says nothing. */
export function quoteRefusal({ headers, body }: Pick<Answer, 'headers' | 'body'>, secrets: readonly string[]): string {
  const hide = (text: string): string =>
    secrets.reduce((hidden, secret) => (secret === '' ? hidden : hidden.replaceAll(secret, mask)), text);
  // Secrets first: half of one would not be known.
  const text = hide(new TextDecoder().decode(body)).slice(0, maxRead);
  const said = looksLikeHtml(headers['content-type'], body) ? titleOf(text) : findMessage(parse(redactText(text)), 3);
  // Once more: JSON may have escaped what a secret holds.
  const line = redactText(hide(said))
    .replace(/([\w/.-])\?[\w%.~-]+=[^\s"'<>)]*/g, '$1?…')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** Whether an answer is a web page: an access portal, a proxy's error page, a console's address taken for the endpoint. */
export function looksLikeHtml(contentType: string | undefined, body: Uint8Array): boolean {
  if (/^\s*(text\/html|application\/xhtml)/i.test(contentType ?? '')) return true;
  const text = new TextDecoder('latin1').decode(body.subarray(0, 256)).replace(/^(ï»¿)?\s+/, '');
  return /^(<!doctype|<html|<\?xml|<head|<body)/i.test(text);
}

function titleOf(html: string): string {
  return /<title[^<>]*>([^<]{0,500})/i.exec(html)?.[1] ?? '';
}

/** The text itself where it is no JSON. What is cut off within its last text keeps that. */
function parse(text: string): Json {
  const { value, whole } = readPartialJson(text);
  return (whole ? value : readPartialJson(`${text}",`).value) ?? text;
}

/** OpenStack wraps its words differently in each service: `{"error": {"message"}}`, `{"itemNotFound": {"message"}}`, `{"detail"}`... */
function findMessage(value: Json, depth: number): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth === 0) return '';
  const named = new Map<string, Json>(Object.entries(value));
  for (const name of ['message', 'detail', 'description', 'error_description', 'reason']) {
    const text = named.get(name);
    if (typeof text === 'string' && text) return text;
  }
  for (const inner of named.values()) {
    const text = typeof inner === 'object' ? findMessage(inner, depth - 1) : '';
    if (text) return text;
  }
  const error = named.get('error');
  return typeof error === 'string' ? error : '';
}
