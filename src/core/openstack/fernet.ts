/**
 * When a Fernet token was issued, in UTC milliseconds, which stands in it unencrypted; undefined for any other token.
 */
export function issuedAt(token: string): number | undefined {
  const head = /^gAAAAA[\w-]{10}/.exec(token)?.[0];
  if (head === undefined || token.length < 100) return undefined;
  // Version (1 byte), then the time in seconds (8 bytes).
  const bytes = Uint8Array.from(atob(head.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
  return Number(new DataView(bytes.buffer).getBigUint64(1)) * 1000;
}
