import { isSecretName } from '../core/redact/secretNames';

const uuid = '[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}';
const within = new RegExp(`(?<![\\w-])(?:${uuid}|[\\da-f]{32})(?!\\w)`, 'i');
const mentions = new RegExp(`(?<![\\w-])${uuid}(?![\\w-])`, 'gi');
const whole = new RegExp(`^(?:${uuid}|[\\da-f]{32})$`, 'i');
const idName = /(?:^|_)(?:id|uuid)s?$/i;
/** They name what nearly all resources have in common, and what no event is about. */
const noResource = /^(?:project|tenant|user|owner|domain|request|trust|region)(?:_?id)?$/i;

/** Ids as events name them: those of hexadecimal digits in lower case. */
export function normalId(id: string): string {
  return whole.test(id) ? id.toLowerCase() : id;
}

/** Whether an id is one of hexadecimal digits, as services make them, and so means the same wherever it stands. */
export function isServiceId(id: string): boolean {
  return whole.test(id);
}

/** The ids that a resource's own id is made of: itself, or the parts of a composite one (`server/volume`, `router-route-net`). */
export function partsOf(ownId: string): string[] {
  if (whole.test(ownId) || !within.test(ownId)) return ownId === '' ? [] : [normalId(ownId)];
  const parts = ownId.split('/').map((part) => within.exec(part)?.[0].toLowerCase() ?? part);
  return [...new Set(parts)];
}

/** The ids that the attribute `name` with the text `value` names. Secrets and what only looks like an id stay out. */
export function idsIn(name: string, value: string): readonly string[] {
  if (value.length < 32 || noResource.test(name) || isSecretName(name)) return [];
  if (value.length === 32) return whole.test(value) && idName.test(name) ? [value.toLowerCase()] : [];
  return value.match(mentions)?.map((id) => id.toLowerCase()) ?? [];
}
