import { fieldText, type ActivityEvent } from '../event/event';
import { message, type Message } from '../base/message';
import { secretsOf } from '../event/redactEvent';
import { mask, redactText } from '../redact/redact';
import { resourceOf } from '../event/resources';
import type { SecretValues } from '../redact/secretValues';
import { serviceUrl, type ServiceContext } from './serviceUrl';

/** Where a resource is shown; or what to ask for first (the address of the component's service); or why there is no address at all. */
export type Address = { readonly url: string } | { readonly ask: Message } | { readonly none: Message };

/**
 * The address whose GET shows the event's resource as it is now: an action's or sub-resource's path becomes the resource's own, a
 * creation's the one of what it made. The URL never leaves the service's origin and base path, whatever the event's `uri` holds, so
 * the token may be sent there. A path with what the record calls a secret anywhere is refused: it would reach logs and titles.
 */
export function liveAddress(event: ActivityEvent, context: ServiceContext): Address {
  const path = safePath(fieldText(event, 'uri'));
  if (path === undefined) return refused;
  const own = resourcePath(event, path);
  if (own === undefined) return { none: message('This call names no resource that could be shown.') };
  if (maskPath(own, secretsOf(event)) !== own) {
    return { none: message('The path of this event holds a secret, so the service is not asked for it.') };
  }
  return addressOf(event, own, '', context);
}

/**
 * The event's own address for an external browser: no token goes along, query parameters that hold what the record calls a secret
 * anywhere are left out, and a path that holds one is refused: without it, it would be another.
 */
export function browserAddress(event: ActivityEvent, context: ServiceContext): Address {
  const address = publicAddress(event, context);
  const opens = !('url' in address) || !address.url.includes(mask);
  return opens
    ? address
    : {
        none: message(
          'The path of this event holds a secret, so it is not opened. Copy it: the copy masks the secret.',
        ),
      };
}

/** The text for the clipboard: the whole address where the service's is known, else the path; secrets masked or left out. */
export function copyText(event: ActivityEvent, context: ServiceContext): string {
  const address = publicAddress(event, context);
  if ('url' in address) return address.url;
  const [, path = '', query] = /^([^?]*)(?:\?(.*))?$/s.exec(fieldText(event, 'uri')) ?? [];
  const known = secretsOf(event);
  return maskPath(path, known) + (query === undefined ? '' : `?${maskQuery(query, known).join('&')}`);
}

/** The event's own address, secrets of its path masked, those of its query left out. */
function publicAddress(event: ActivityEvent, context: ServiceContext): Address {
  const uri = fieldText(event, 'uri');
  const path = safePath(uri);
  if (path === undefined) return refused;
  const known = secretsOf(event);
  const query = uri.slice(path.length + 1).split('#', 1)[0] ?? '';
  const parts = maskQuery(query, known).filter((part) => !part.includes(mask));
  const address = addressOf(event, maskPath(path, known), parts.join('&'), context);
  return 'url' in address ? { url: address.url.replaceAll(encodeURIComponent(mask), mask) } : address;
}

const refused: Address = {
  none: message('The path of this event is not one that can be requested safely. It was left alone.'),
};

function addressOf(event: ActivityEvent, path: string, query: string, context: ServiceContext): Address {
  const component = fieldText(event, 'source');
  const base = serviceUrl(component, path, context);
  if (base === undefined) {
    return { ask: message('The address of the service "{0}" is not known. What is its base address?', component) };
  }
  if (base === 'bad') {
    return {
      ask: message(
        'The address of the service "{0}" cannot be used: it must begin with https:// and hold neither a password nor a query. What is its base address?',
        component,
      ),
    };
  }
  const url = new URL(base);
  url.pathname = joinPaths(base.pathname, path);
  url.search = query;
  return url.origin === base.origin ? { url: url.href } : refused;
}

/** The path without query; undefined for anything that a URL parser could read as more than a plain absolute path. */
function safePath(uri: string): string | undefined {
  const path = uri.split('?', 1)[0] ?? '';
  const hostile = /^(?!\/)|\/\/|[\\@#\s\u0000-\u001f\u007f]|%(?:2f|5c|2e|25|40|0|1|7f)|(?:^|\/)\.{1,2}(?:\/|$)/i;
  return hostile.test(path) || /[\u0000-\u001f\u007f]/.test(uri) ? undefined : path;
}

/** `/servers/<id>/action` -> `/servers/<id>`; `POST /floatingips` -> `/floatingips/<new id>`. */
function resourcePath(event: ActivityEvent, path: string): string | undefined {
  const trimmed = path.replace(/\/$/, '');
  const { primary } = resourceOf(event);
  if (primary === undefined) return fieldText(event, 'method') === 'GET' ? trimmed : undefined;
  const segments = trimmed.split('/');
  const at = segments.findLastIndex((segment) => segment.toLowerCase() === primary.toLowerCase());
  if (at >= 0) return segments.slice(0, at + 1).join('/');
  return /^[\w.-]+$/.test(primary) && !/^\.+$/.test(primary) ? `${trimmed}/${primary}` : undefined;
}

const version = /^v\d+(?:\.\d+)?$/;

/** `base` + `path`, with what both of them name (prefix, version, project) only once. */
function joinPaths(base: string, path: string): string {
  const left = base.split('/').filter(Boolean);
  const right = path.split('/').filter(Boolean);
  const leftVersion = left.findLastIndex((segment) => version.test(segment));
  const rightVersion = right.slice(0, 3).findIndex((segment) => version.test(segment));
  if (leftVersion >= 0 && rightVersion >= 0) {
    return '/' + [...left.slice(0, leftVersion), ...right.slice(rightVersion)].join('/');
  }
  let shared = Math.min(left.length, right.length);
  while (shared > 0 && left.slice(-shared).join('/') !== right.slice(0, shared).join('/')) shared--;
  return '/' + [...left, ...right.slice(shared)].join('/');
}

function maskPath(path: string, known: SecretValues): string {
  const segments = path.split('/').map((segment) => (holdsSecret(segment, known) ? mask : segment));
  const masked = redactText(segments.join('/'), known);
  return holdsSecret(masked, known) ? `/${mask}` : masked;
}

/** The parameters of a query, each as it is or with its value masked. */
function maskQuery(query: string, known: SecretValues): string[] {
  return query.split('&').map((part) => {
    const masked = redactText(`/?${part}`, known).slice('/?'.length);
    if (!holdsSecret(masked, known)) return masked;
    const name = part.slice(0, part.indexOf('=') + 1);
    return holdsSecret(name, known) ? mask : name + mask;
  });
}

/** Whether something is masked in a part of an address, however often it is escaped. */
function holdsSecret(part: string, known: SecretValues): boolean {
  let text = part;
  for (let times = 0; times < deepest; times++) {
    if (redactText(text, known) !== text) return true;
    const plain = text.replaceAll('+', ' ').replace(/(?:%[\da-f]{2})+/gi, unescapeSigns);
    if (plain === text) return false;
    text = plain;
  }
  return true;
}

/** What is escaped more often than this hides something. */
const deepest = 5;

function unescapeSigns(signs: string): string {
  try {
    return decodeURIComponent(signs);
  } catch {
    return signs;
  }
}
