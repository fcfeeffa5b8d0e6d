import { crc32 } from 'node:zlib';
import { DamagedError } from '../db/failures';

const checksumLength = 4;
/** What has a checksum has whole entries of so many bytes. */
const entryLength = 8;

/** The bytes with a checksum behind them: SQLite notices damage to its own structures, not to what they hold. */
export function addChecksum(bytes: Uint8Array): Uint8Array {
  const checked = new Uint8Array(bytes.length + checksumLength);
  checked.set(bytes);
  new DataView(checked.buffer).setUint32(bytes.length, crc32(bytes), true);
  return checked;
}

/** The bytes that got a checksum. @throws DamagedError where they are not what they were */
export function checkChecksum(stored: Uint8Array): Uint8Array {
  const bytes = stored.subarray(0, -checksumLength);
  const { buffer, byteOffset } = stored;
  const isWhole = bytes.length > 0 && bytes.length % entryLength === 0;
  if (isWhole && new DataView(buffer, byteOffset).getUint32(bytes.length, true) === crc32(bytes)) return bytes;
  throw new DamagedError('Entries that lead to events are damaged');
}
