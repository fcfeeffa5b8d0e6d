import { readUrl, stripQuotes } from './endpoint';
import { UserError } from '../base/errors';
import { message } from '../base/message';
import { isVendorHost } from './serviceUrl';

/**
 * Reads the address of Keystone in any shape people keep it: `https://infra.mail.ru:5000/v3/` [spec], with or without
 * `/v3`, with that of version 2, with `/auth/tokens` behind. Returns it up to and with `/v3`.
 * @throws UserError that names what is wrong
 */
export function parseAuthUrl(text: string): string {
  const address = stripQuotes(text);
  if (address === '') throw new UserError(message('The address for signing in (Keystone) is empty.'));
  const url = readUrl(address);
  const path = url.pathname.replace(/(?<!\/)\/+$/, '').replace(/\/auth(?:\/tokens)?$/, '');
  if (/\/logs$|\/auditlogs(?:\/|$)|\/[\da-f]{32}$/i.test(path)) {
    throw new UserError(
      message(
        'This is the address of the activity log or of another service. The one for signing in (Keystone) looks like {0}.',
        'https://infra.mail.ru:5000/v3',
      ),
    );
  }
  return `${url.origin}${path.replace(/\/v(?:2\.0|3)$/, '')}/v3`;
}

/** What stands for a domain in `text`: people know the default one by its id, others by their names. */
export function readDomain(text: string): { readonly id: string } | { readonly name: string } {
  return /^(?:default|[\da-f]{32})$/.test(text) ? { id: text } : { name: text };
}

/** The domain of users where none is named: the vendor's own calls it so, OpenStack has a default. */
export function usualDomain(authUrl: string): { readonly id: string } | { readonly name: string } {
  return isVendorHost(new URL(authUrl).hostname) ? { name: 'users' } : { id: 'default' };
}
