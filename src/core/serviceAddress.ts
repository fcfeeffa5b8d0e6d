import { fieldText, type ActivityEvent } from './event';
import { message, type Message } from './message';
import { redactUri } from './redact';
import { resourceOf } from './resources';
import { serviceUrl, type ServiceContext } from './serviceUrl';

/** Where a resource is shown; or what to ask for first (the address of the component's service); or why there is no address at all. */
export type Address = { readonly url: string } | { readonly ask: Message } | { readonly none: Message };

/**
 * The address whose GET shows the event's resource as it is now: an action's or sub-resource's path becomes the resource's own, a
 * creation's the one of what it made. The URL never leaves the service's origin and base path, whatever the event's `uri` holds, so
 * the token may be sent there.
 */
export function liveAddress(event: ActivityEvent, context: ServiceContext): Address {
  const path = safePath(fieldText(event, 'uri'));
  if (path === undefined) return refused;
  const own = resourcePath(event, path);
  if (own === undefined) return { none: message('This call names no resource that could be shown.') };
  return addressOf(event, own, '', context);
}

/** The event's own address for an external browser: no token goes along, and query parameters that hold secrets are left out. */
export function browserAddress(event: ActivityEvent, context: ServiceContext): Address {
  const uri = fieldText(event, 'uri');
  const path = safePath(uri);
  return path === undefined ? refused : addressOf(event, path, publicQuery(uri), context);
}

/** The text for the clipboard: the whole address where the service's is known, else the path; secrets masked or left out. */
export function copyText(event: ActivityEvent, context: ServiceContext): string {
  const address = browserAddress(event, context);
  return 'url' in address ? address.url : redactUri(fieldText(event, 'uri'));
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

/** The query without the parameters whose values are secrets. */
function publicQuery(uri: string): string {
  const start = uri.indexOf('?');
  if (start < 0) return '';
  const query = uri.slice(start + 1).split('#', 1)[0] ?? '';
  const parts = query.split('&').filter((part) => redactUri(`/?${part}`) === `/?${part}`);
  return parts.join('&');
}
