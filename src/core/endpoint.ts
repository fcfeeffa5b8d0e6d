import { UserError } from './errors';
import { message } from './message';

/** Where the activity log of one project is asked for. */
export interface Endpoint {
  /** Normalized: no trailing slash, no `/logs`, no query. */
  readonly url: string;
  readonly origin: string;
  /** The OpenStack project id: 32 hex digits, lower case. */
  readonly projectId: string;
  /** From the token header of a pasted curl command. */
  readonly token: string | undefined;
}

/**
 * Reads any shape of endpoint: `https://infra.mail.ru:{port}/v1/{project_id}` [spec], `https://mcs.mail.ru/auditlogs/v1/{project_id}`
 * [vendor], either with `/logs?...`, or the whole curl command of the documentation.
 * @throws UserError that names what is wrong
 */
export function parseEndpoint(text: string): Endpoint {
  const words = /^\s*(?:\$\s+)?curl\b/.test(text) ? splitCommand(text) : [text.trim()];
  const address = words.find((word) => /^[a-z]+:\/\//i.test(word));
  if (address === undefined) throw new UserError(message('This is not an address: it must begin with https://.'));
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new UserError(message('This is not an address: it must begin with https://.'));
  }
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/logs$/, '')
    .replace(/\/+$/, '');
  const projectId = /\/v\d[\d.]*\/([0-9a-f]{32})$/i.exec(path)?.[1]?.toLowerCase();
  if (projectId === undefined) throw new UserError(message('The address holds no project id.'));
  const token = words.map((word) => /^x-auth-token:\s*(\S+)$/i.exec(word)?.[1]).find((found) => found !== undefined);
  return { url: url.origin + path, origin: url.origin, projectId, token };
}

function splitCommand(command: string): string[] {
  return [...command.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
}
