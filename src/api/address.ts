import { isLoopback } from '../core/openstack/endpoint';
import { RequestError, UserError } from '../core/base/errors';
import { message } from '../core/base/message';

/**
 * Reads an address that a token may be sent to.
 * @throws UserError where it is none: plain http beyond this computer, credentials within
 */
export function readAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password)
    throw new UserError(message('This is not an address that a token can be sent to. It must begin with https://.'));
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new UserError(
      message('Plain http would show the token to everybody on the way to {0}. Use https.', url.host),
    );
  return url;
}

/**
 * Checks that `token` can travel in a header.
 * @throws RequestError `unauthorized`, without repeating it
 */
export function checkTokenText(token: string): void {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new RequestError(
      'unauthorized',
      message('The token holds spaces or characters that no token has. Copy it again, without quotes and line breaks.'),
    );
}
