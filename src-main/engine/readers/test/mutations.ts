import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { imageFormats } from '../../../common/file-formats.ts';
import { mulberry32 } from '../../../methods/prng.ts';
import { fixture } from './fixtures.ts';

/** Files of one format that are mutated. */
export interface Seeds {
  format: string;
  names: string[];
}

/** The fixtures by format, with maps as separate formats. */
export function seeds(): Seeds[] {
  const names = readdirSync(fixture('')).filter((name) => !name.endsWith('.json') && name.includes('.'));
  const images = names.filter((name) => !name.startsWith('map-'));
  const maps = names.filter((name) => name.startsWith('map-'));
  return [
    ...Object.entries(imageFormats).map(([format, extensions]) => ({
      format,
      names: images.filter((name) => (extensions as readonly string[]).includes(extname(name))),
    })),
    { format: 'map as NPY', names: maps.filter((name) => name.endsWith('.npy')) },
    { format: 'map as TIFF', names: maps.filter((name) => name.endsWith('.tif')) },
  ];
}

/** A seed file with random damage, which depends only on the number. */
export function mutated(
  names: readonly string[],
  number: number,
): { name: string; bytes: Buffer<ArrayBufferLike> } {
  const uniform = mulberry32(number + 1);
  const below = (limit: number) => Math.min(limit - 1, Math.floor(uniform() * limit));
  const name = names[below(names.length)];
  let bytes: Buffer<ArrayBufferLike> = Buffer.from(readFileSync(fixture(name)));
  for (let times = 1 + below(3); times > 0; times--) bytes = CHANGES[below(CHANGES.length)](bytes, below);
  return { name, bytes };
}

type Below = (limit: number) => number;

/** Numbers that break additions, multiplications and allocations. */
const EXTREMES = [0, 1, 255, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const CHANGES: ((bytes: Buffer<ArrayBufferLike>, below: Below) => Buffer<ArrayBufferLike>)[] = [
  // Flip bits anywhere.
  (bytes, below) => {
    for (let flips = 1 + below(16); flips > 0; flips--) bytes[below(bytes.length)] ^= 1 << below(8);
    return bytes;
  },
  // Change a number in the header.
  (bytes, below) => {
    const at = below(Math.min(bytes.length, 160));
    const extreme = EXTREMES[below(EXTREMES.length)];
    if (at + 4 <= bytes.length) bytes[below(2) ? 'writeUInt32LE' : 'writeUInt32BE'](extreme, at);
    return bytes;
  },
  // Change a number anywhere, because TIFF directories may be at the end.
  (bytes, below) => {
    const at = below(Math.max(1, bytes.length - 4));
    if (at + 4 <= bytes.length) bytes.writeUInt32LE(EXTREMES[below(EXTREMES.length)], at);
    return bytes;
  },
  (bytes, below) => bytes.subarray(0, 1 + below(bytes.length)),
  (bytes, below) => {
    const at = below(bytes.length);
    const length = below(64);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
  },
  (bytes, below) => {
    const at = below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(64))]);
  },
  (bytes, below) => {
    const at = below(bytes.length);
    bytes.subarray(at, at + below(64)).fill(below(2) ? 0 : 255);
    return bytes;
  },
];
