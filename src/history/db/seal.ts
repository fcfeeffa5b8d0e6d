import { crc32 } from 'node:zlib';
import { DamagedError } from './failures';

const sealLength = 4;
/** What is sealed has whole entries of so many bytes. */
const entryLength = 8;

/** The bytes with a checksum behind them: SQLite notices damage to its own structures, not to what they hold. */
export function seal(bytes: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(bytes.length + sealLength);
  sealed.set(bytes);
  new DataView(sealed.buffer).setUint32(bytes.length, crc32(bytes), true);
  return sealed;
}

/** The bytes that were sealed. @throws DamagedError where they are not what they were */
export function unseal(stored: Uint8Array): Uint8Array {
  const bytes = stored.subarray(0, -sealLength);
  const { buffer, byteOffset } = stored;
  const isWhole = bytes.length > 0 && bytes.length % entryLength === 0;
  if (isWhole && new DataView(buffer, byteOffset).getUint32(bytes.length, true) === crc32(bytes)) return bytes;
  throw new DamagedError('Entries that lead to events are damaged');
}
