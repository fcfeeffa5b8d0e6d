import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { RequestError } from '../core/base/errors';
import { message, type Message } from '../core/base/message';
import { visibleText } from '../core/base/visibleText';

/** What a certificate says, fit to be shown: it comes from anyone. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** The hosts it is for. */
  readonly names: readonly string[];
  /** UTC milliseconds. */
  readonly from: number;
  readonly to: number;
  /** SHA-256. */
  readonly fingerprint: string;
}

/** As many as servers really show; a hostile one shows more. */
const maxChain = 10;

/** The certificates of the server and of the authorities above it, as far as they are known. */
export function readCertificates(socket: TLSSocket): Certificate[] {
  const chain: Certificate[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.fingerprint256 && chain.length < maxChain) {
    chain.push({
      subject: nameOf(certificate.subject),
      issuer: nameOf(certificate.issuer),
      names: namesOf(certificate),
      from: Date.parse(certificate.valid_from),
      to: Date.parse(certificate.valid_to),
      fingerprint: certificate.fingerprint256,
    });
    const above = certificate.issuerCertificate as DetailedPeerCertificate | undefined;
    certificate = above?.fingerprint256 === certificate.fingerprint256 ? undefined : above;
  }
  return chain;
}

type Name = Readonly<Record<string, string | string[] | undefined>>;

function nameOf(name: Name): string {
  const parts = [name['CN'], name['O']].flat().filter((part) => part !== undefined);
  return visibleText([...new Set(parts)].join(', ') || '?', 120);
}

function namesOf({ subjectaltname }: DetailedPeerCertificate): string[] {
  const names = (subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^,\s"]+)/g);
  return Array.from(names, ([, name = '']) => visibleText(name, 120)).slice(0, 20);
}

/** Why the certificates that `host` shows are refused with `code`, by Node's and OpenSSL's names. */
export function explainCertificate(code: string, host: string, chain: readonly Certificate[]): RequestError {
  return new RequestError('network', certificateText(code, host, chain), { cause: `CERT: ${code}` });
}

function certificateText(code: string, host: string, chain: readonly Certificate[]): Message {
  const [own] = chain;
  const expired = chain.find(({ to }) => to <= Date.now()) ?? own;
  const early = chain.find(({ from }) => from > Date.now()) ?? own;
  const last = chain.at(-1);
  if (code === 'CERT_HAS_EXPIRED' && expired)
    return message(
      'The certificate “{1}” of {0}, issued by {2}, expired on {3}. Check the clock of this computer, or tell the owner of the server.',
      host,
      expired.subject,
      expired.issuer,
      dayOf(expired.to),
    );
  if (code === 'CERT_NOT_YET_VALID' && early)
    return message(
      'The certificate “{1}” of {0}, issued by {2}, is not valid before {3}. Check the clock of this computer, or tell the owner of the server.',
      host,
      early.subject,
      early.issuer,
      dayOf(early.from),
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' && own)
    return message(
      'The certificate that {0} shows is for another host: {1}, issued by {2}. Check the endpoint.',
      host,
      own.names.slice(0, 5).join(', ') || own.subject,
      own.issuer,
    );
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT' && own)
    return message(
      'The certificate “{1}” of {0} vouches for itself: no authority that is trusted here issued it ({2}). If that is meant to be, name it in the setting {3}.',
      host,
      own.subject,
      code,
      'activityLog.caFile',
    );
  return message(
    'The certificate of {0} comes from “{1}”, an authority that is not trusted here ({2}). If your network inspects traffic, or the cloud has an authority of its own, name its certificate in the setting {3}.',
    host,
    last?.issuer ?? '?',
    code,
    'activityLog.caFile',
  );
}

function dayOf(time: number): string {
  return Number.isNaN(time) ? '?' : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
