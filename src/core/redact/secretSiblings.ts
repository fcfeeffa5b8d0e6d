import { namesSecret } from './secretNames';

/** Values that only what stands beside them in their object makes secrets. */
export type Sibling = 'value' | 'transfer' | 'manifest' | 'webKey';

/** Which sibling makes the value of `key` a secret; undefined for most names. */
export function siblingOf(key: string): Sibling | undefined {
  if (valueNames.test(key)) return 'value';
  return Object.hasOwn(waiting, key) ? waiting[key] : undefined;
}

/** What a string of this object makes secret beside it; '' for a value that is no string. */
export function revealedBy(key: string, text: string): Sibling | undefined {
  if (namingNames.test(key) && namesSecret(text)) return 'value';
  // Designate: whoever has the key may take the zone over.
  if (key === 'zone_transfer_request_id' || key === 'target_project_id') return 'transfer';
  if (key === 'kind' && text === 'Secret') return 'manifest';
  return key === 'kty' ? 'webKey' : undefined;
}

/** `{"name": "password", "value": ...}`, `{"op": "add", "path": "/adminPass", "value": ...}` */
const valueNames = /(?:^|[_-]|[a-z](?=V))value$|^(?:default|val|values|old|new|before|after|from|to|content)$/i;
const namingNames =
  /(?:^|[_-]|[a-z](?=[NK]))(?:name|key)$|^(?:header|parameter|param|field|attribute|attr|label|variable|var|property|option|setting|path|pointer)$/i;

const waiting: Readonly<Record<string, Sibling>> = {
  key: 'transfer',
  data: 'manifest',
  ...Object.fromEntries(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].map((name) => [name, 'webKey' as const])),
};
