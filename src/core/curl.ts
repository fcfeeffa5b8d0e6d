import type { Body } from './body';

/**
 * The call as a command for a POSIX shell. It holds no secret: the token is `$OS_TOKEN`, the service's address (which
 * the log does not record) `$OS_ENDPOINT`, without the path. `uri` and `body` must be masked already.
 */
export function curlCommand(method: string, uri: string, body: Pick<Body, 'kind' | 'text'> | undefined): string {
  const parts = [`curl -X ${quote(method || 'GET')} "$OS_ENDPOINT"${quote(uri)}`, `-H "X-Auth-Token: $OS_TOKEN"`];
  if (body?.kind === 'json') parts.push(`-H 'Content-Type: application/json'`);
  if (body && (body.kind === 'json' || body.kind === 'text' || body.kind === 'brokenJson')) {
    parts.push(`--data-raw ${quote(body.text)}`);
  }
  return parts.join(' \\\n  ');
}

/** One word of a shell, whatever is in it. A shell's word cannot hold NUL: it is left out. */
function quote(text: string): string {
  const safe = text.replaceAll('\0', '');
  return /^[\w./:@%+,=-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", `'\\''`)}'`;
}
