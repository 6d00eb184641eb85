import { crc32, deflateRawSync } from 'node:zlib';
import { dict, integer, list, no, pickle, text, yes } from './pickle.ts';
import type { Piece } from './pickle.ts';

// Writes checkpoint files of every format.

/** A storage in the file. */
export interface StoredElements {
  key: string;
  bytes: Uint8Array;
  count: number;
}

const MAGIC = 0x1950a86a20f9469cfc6cn;

/** The format before PyTorch 1.6. */
export function legacyFile(
  state: Piece,
  storages: readonly StoredElements[],
  { littleEndian = true, protocol = 1001 } = {},
): Buffer {
  const system = dict([text('little_endian'), littleEndian ? yes : no]);
  const elements = storages.flatMap(({ bytes, count }) => {
    const size = Buffer.alloc(8);
    size.writeBigInt64LE(BigInt(count));
    return [size, bytes];
  });
  const keys = list(...storages.map(({ key }) => text(key)));
  return Buffer.concat([
    pickle(integer(MAGIC)),
    pickle(integer(protocol)),
    pickle(system),
    pickle(state),
    pickle(keys),
    ...elements,
  ]);
}

export interface ZipEntry {
  name: string;
  content: Uint8Array;
  deflate?: boolean;
  /** False values for the list of entries. */
  announced?: { size?: number; crc?: number; method?: number; flags?: number; offset?: number };
}

export function zipFile(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, deflate = false, announced = {} } of entries) {
    const packed = deflate ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30 + Buffer.byteLength(name));
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    local.write(name, 30);
    const listed = Buffer.alloc(46 + Buffer.byteLength(name));
    listed.writeUInt32LE(0x02014b50);
    listed.writeUInt16LE(announced.flags ?? 0, 8);
    listed.writeUInt16LE(announced.method ?? (deflate ? 8 : 0), 10);
    listed.writeUInt32LE(announced.crc ?? crc32(content), 16);
    listed.writeUInt32LE(packed.length, 20);
    listed.writeUInt32LE(announced.size ?? content.length, 24);
    listed.writeUInt16LE(Buffer.byteLength(name), 28);
    listed.writeUInt32LE(announced.offset ?? at, 42);
    listed.write(name, 46);
    parts.push(local, packed);
    directory.push(listed);
    at += local.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** The format since PyTorch 1.6. */
export function torchZipFile(state: Piece, storages: readonly StoredElements[], deflate = false): Buffer {
  return zipFile([
    { name: 'net/data.pkl', content: pickle(state), deflate },
    ...storages.map(({ key, bytes }) => ({ name: `net/data/${key}`, content: bytes, deflate })),
    { name: 'net/version', content: Buffer.from('3\n') },
  ]);
}

export function safetensorsFile(header: unknown, elements: Uint8Array): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, elements]);
}

export function float32Bytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}
