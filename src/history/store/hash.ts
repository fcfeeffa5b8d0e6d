/** What an entry of the lookups is about. Hashes of different sorts never meet. */
export type HashSort = 'key' | 'id' | 'request' | 'resource';

const seeds: Record<HashSort, number> = { key: 0, id: 0x3c6ef372, request: 0x51ed270b, resource: 0x2545f491 };

/** A hash of 48 bits; its highest bit tells keys from all else. Not cryptographic. */
export function hashOf(sort: HashSort, text: string): number {
  const seed = seeds[sort];
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  const top = sort === 'key' ? 0x8000 : 0;
  return 4294967296 * ((0x7fff & low) | top) + (high >>> 0);
}

/** What leads to an event that has another key in place of its own: few events share one, though all share an id. */
export function renamedHashes(own: string, key: string): readonly number[] {
  return [hashOf('key', key), hashOf('id', own)];
}
