import type { BodyUpTo } from '../event/body';
import { message, type Message } from '../base/message';

/** A system takes no longer words (bytes); longer bodies come from a file. */
const maxWord = 100_000;

/**
 * The call as a command for a POSIX shell. It holds no secret: the token is `$OS_TOKEN`, the service's address (which the log
 * does not record) `$OS_ENDPOINT`, without the path; what else is masked is named in a comment. `uri` and `body` must be
 * masked already.
 */
export function curlCommand(method: string, uri: string, body: BodyUpTo, say: (text: Message) => string): string {
  const parts = [`curl -X ${quote(method || 'GET')} "$OS_ENDPOINT"${quote(uri)}`, `-H "X-Auth-Token: $OS_TOKEN"`];
  // Unasked, curl would take these signs for patterns, and walk dots away.
  if (/[[\]{}]/.test(uri)) parts.push('--globoff');
  if (/\/\.{1,2}(?:[/?#]|$)/.test(uri)) parts.push('--path-as-is');
  const comments: string[] = [];
  if (body.kind !== 'missing' && body.kind !== 'empty') {
    if (body.kind === 'json') parts.push(`-H 'Content-Type: application/json'`);
    if (body.kind === 'tooLarge' || body.kind === 'binary' || byteLength(body.text) > maxWord) {
      comments.push(
        body.kind === 'binary'
          ? say(message('The log does not hold the body: it is read from the file named body'))
          : say(message('The body is too long for a command: it is read from the file named body')),
      );
      parts.push('--data-binary @body');
    } else {
      parts.push(`--data-raw ${quote(body.text)}`);
    }
    const masked = body.kind === 'tooLarge' ? [] : body.secrets.map(({ path }) => path);
    const names = [...new Set(masked)].slice(0, 10).join(', ');
    if (masked.length > 0) comments.push(say(message('Masked, to be filled in: {0}', names)));
  }
  return [...comments.map(comment), parts.join(' \\\n  ')].join('\n');
}

/** Some shells read comments only in scripts, so that nothing in one may mean anything to a shell. */
function comment(text: string): string {
  return `# ${text.replace(/[^\p{L}\p{N} _.,:-]/gu, '_').slice(0, 500)}`;
}

/** One word of a shell, whatever is in it. A shell's word cannot hold NUL: it is left out. */
function quote(text: string): string {
  const safe = text.replaceAll('\0', '');
  return /^[\w./:@%+,=-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", `'\\''`)}'`;
}

function byteLength(text: string): number {
  return text.length > maxWord ? text.length : new TextEncoder().encode(text).length;
}
