import { STATUS_CODES } from 'node:http';
import { gzipMember } from './shelf';

/** An answer before it is handed over. A generator as body is sent as it comes. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Buffer[] | Generator<Buffer>;
}

export function json(
  status: number,
  value: unknown,
  gzip = false,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const text = JSON.stringify(value);
  return {
    status,
    headers: { 'content-type': 'application/json', ...(gzip && { 'content-encoding': 'gzip' }), ...headers },
    body: [gzip ? gzipMember(text) : Buffer.from(text)],
  };
}

/** A refusal in OpenStack's usual words. */
export function problem(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return json(status, { error: { code: status, title: STATUS_CODES[status], message: text } }, false, headers);
}
