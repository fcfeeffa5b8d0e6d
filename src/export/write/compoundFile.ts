const sectorSize = 512;
const smallestStream = 4096; // smaller ones would go to a stream of mini sectors
const headerSlots = 109; // addresses of table sectors that the header itself holds
const perTable = sectorSize / 4;
const tablesAtOnce = 512;

const freeSector = 0xffff_ffff;
const endOfChain = 0xffff_fffe;
const tableSector = 0xffff_fffd;
const indexSector = 0xffff_fffc;

/** The most bytes a stream of such a file may hold. */
export const streamLimit = 0x7fff_0000;

/** An OLE compound file (version 3) with one stream of `size` bytes, as older Office formats have it. */
export async function* compoundFile(
  name: string,
  size: number,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const streamSize = Math.max(size, smallestStream);
  const streamSectors = Math.ceil(streamSize / sectorSize);
  const directory = streamSectors;
  // The table describes its own sectors and those of its index, so their numbers are found together.
  let [tables, indexes] = [0, 0];
  for (let needed = -1; needed !== tables + indexes;) {
    needed = tables + indexes;
    tables = Math.ceil((streamSectors + 1 + needed) / perTable);
    indexes = Math.ceil(Math.max(0, tables - headerSlots) / (perTable - 1));
  }
  const firstTable = directory + 1;
  const firstIndex = firstTable + tables;

  yield header(directory, firstTable, tables, firstIndex, indexes);
  yield* content;
  yield Buffer.alloc(streamSectors * sectorSize - size);
  yield directorySector(name, streamSize);

  const follower = (sector: number): number => {
    if (sector < streamSectors - 1) return sector + 1;
    if (sector < firstTable) return endOfChain;
    if (sector < firstIndex) return tableSector;
    return sector < firstIndex + indexes ? indexSector : freeSector;
  };
  for (let first = 0; first < tables * perTable; first += tablesAtOnce * perTable) {
    const table = Buffer.alloc(Math.min(tablesAtOnce * perTable, tables * perTable - first) * 4);
    for (let at = 0; at < table.length; at += 4) table.writeUInt32LE(follower(first + at / 4), at);
    yield table;
  }

  for (let index = 0; index < indexes; index++) {
    const sector = Buffer.alloc(sectorSize, 0xff);
    for (let slot = 0; slot < perTable - 1; slot++) {
      const nth = headerSlots + index * (perTable - 1) + slot;
      if (nth < tables) sector.writeUInt32LE(firstTable + nth, slot * 4);
    }
    sector.writeUInt32LE(index + 1 < indexes ? firstIndex + index + 1 : endOfChain, sectorSize - 4);
    yield sector;
  }
}

function header(directory: number, firstTable: number, tables: number, firstIndex: number, indexes: number): Buffer {
  const bytes = Buffer.alloc(sectorSize);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  bytes.writeUInt16LE(0x3e, 24);
  bytes.writeUInt16LE(3, 26);
  bytes.writeUInt16LE(0xfffe, 28); // little endian
  bytes.writeUInt16LE(9, 30); // 2^9 bytes a sector
  bytes.writeUInt16LE(6, 32); // 2^6 bytes a mini sector
  bytes.writeUInt32LE(tables, 44);
  bytes.writeUInt32LE(directory, 48);
  bytes.writeUInt32LE(smallestStream, 56);
  bytes.writeUInt32LE(endOfChain, 60); // no mini sectors
  bytes.writeUInt32LE(indexes > 0 ? firstIndex : endOfChain, 68);
  bytes.writeUInt32LE(indexes, 72);
  for (let slot = 0; slot < headerSlots; slot++) {
    bytes.writeUInt32LE(slot < tables ? firstTable + slot : freeSector, 76 + slot * 4);
  }
  return bytes;
}

function directorySector(name: string, size: number): Buffer {
  const sector = Buffer.alloc(sectorSize);
  const entry = (slot: number, title: string, type: number, child: number, start: number, length: number): void => {
    const at = slot * 128;
    if (title) sector.writeUInt16LE(sector.write(title, at, 'utf16le') + 2, at + 64);
    sector.writeUInt8(type, at + 66);
    sector.writeUInt8(1, at + 67); // black node of the tree of names
    sector.writeUInt32LE(freeSector, at + 68); // no siblings
    sector.writeUInt32LE(freeSector, at + 72);
    sector.writeUInt32LE(child, at + 76);
    sector.writeUInt32LE(start, at + 116);
    sector.writeUInt32LE(length, at + 120);
  };
  entry(0, 'Root Entry', 5, 1, endOfChain, 0);
  entry(1, name, 2, freeSector, 0, size);
  entry(2, '', 0, freeSector, 0, 0);
  entry(3, '', 0, freeSector, 0, 0);
  return sector;
}
