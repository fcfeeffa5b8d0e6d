import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';
import type { ProxyRules } from './proxy';

/** The way to the servers. */
export interface Network {
  /** PEM texts of authorities that the user named. */
  readonly ca?: readonly string[];
  /** PEM texts of authorities that this computer trusts, besides the built-in ones. */
  readonly systemCa?: readonly string[];
  /** False accepts any certificate. Default true. */
  readonly strictSsl?: boolean;
  readonly proxy?: ProxyRules | undefined;
}

/** Bytes of headers, from a server or a proxy: said here, since the host process may have been started with another bound. */
export const maxHead = 16 * 1024;

/** The last one made: reading all the authorities takes tens of milliseconds, and they rarely change. */
let last: { readonly key: string; readonly context: SecureContext } | undefined;

/**
 * What decides whom to trust; undefined where the built-in authorities do.
 * @throws UserError where `ca` holds no certificate
 */
export function trust({ ca = [], systemCa = [] }: Network): SecureContext | undefined {
  if (ca.length + systemCa.length === 0) return undefined;
  const key = [...ca, '', ...systemCa].join('\n');
  if (last?.key === key) return last.context;
  try {
    for (const text of ca) new X509Certificate(text); // the context itself would pass over what it cannot read
    const known = new Map([...getCACertificates('default'), ...systemCa].map((pem) => [pem.replace(/\s+/g, ''), pem]));
    const context = createSecureContext({ ca: [...known.values(), ...ca] });
    last = { key, context };
    return context;
  } catch (cause) {
    const text = message('The file of the setting {0} holds no certificate in PEM form.', 'activityLog.caFile');
    throw new UserError(text, { cause });
  }
}
