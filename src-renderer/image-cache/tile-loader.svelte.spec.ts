import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AssetError } from '../api/failures.ts';
import type { TileAddress } from '../../src-main/common/tiles.ts';
import { ByteCache } from './byte-cache.ts';
import { TileLoader } from './tile-loader.svelte.ts';

const SIZE = { width: 8192, height: 8192 };
const name = ({ level, x, y }: TileAddress) => `${level}/${x}/${y}`;
const aTile = () => ({ width: 512, height: 512, close: vi.fn() }) as unknown as ImageBitmap;

let loads: { tile: string; signal: AbortSignal; answer: PromiseWithResolvers<ImageBitmap> }[];
let cache: ByteCache<ImageBitmap>;
let loader: TileLoader;

beforeEach(() => {
  vi.useFakeTimers();
  loads = [];
  cache = new ByteCache(64 * 2 ** 20, (bitmap) => bitmap.close());
  loader = new TileLoader('image 1', SIZE, cache, (address, signal) => {
    const answer = Promise.withResolvers<ImageBitmap>();
    loads.push({ tile: name(address), signal, answer });
    return answer.promise;
  });
});
afterEach(() => vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);
const at = (tile: string) => loads.findLast((load) => load.tile === tile);

it('loads the whole first, then coarser tiles, then the visible ones, a few at a time', async () => {
  loader.show(0, { x: 0, y: 0, width: 1000, height: 500 });
  expect(loads.map(({ tile }) => tile)).toEqual(['4/0/0', '2/0/0', '0/0/0', '0/1/0']);
  at('4/0/0')?.answer.resolve(aTile());
  await settle();
  expect(loader.version).toBe(1);
  expect(loader.whole).toBeDefined();
  // A tile around the part.
  expect(loads).toHaveLength(5);
});

it('cancels the tiles that are no longer visible, and loads none twice', async () => {
  loader.show(0, { x: 0, y: 0, width: 500, height: 500 });
  const [, , first] = loads;
  loader.show(0, { x: 6000, y: 6000, width: 500, height: 500 });
  expect(first.signal.aborted).toBe(true);
  expect(at('4/0/0')?.signal.aborted).toBe(false);
  expect(loads.filter(({ tile }) => tile === '4/0/0')).toHaveLength(1);
  first.answer.reject(new DOMException('', 'AbortError'));
  await settle();
  expect(loader.failure).toBeUndefined();
});

it('asks again for a level that the host has not made yet, and shows its progress meanwhile', async () => {
  loader.show(1, { x: 0, y: 0, width: 500, height: 500 });
  at('4/0/0')?.answer.reject(new AssetError({ code: 'NOT_YET', message: 'Tiles are being made (40 %).' }));
  await settle();
  expect(loader.pending).toBe('Tiles are being made (40 %).');
  expect(loader.failure).toBeUndefined();
  for (const { tile, answer } of loads) if (tile !== '4/0/0') answer.resolve(aTile());
  await settle();
  expect(loads.filter(({ tile }) => tile === '4/0/0')).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(600);
  expect(loads.filter(({ tile }) => tile === '4/0/0')).toHaveLength(2);
  at('4/0/0')?.answer.resolve(aTile());
  await settle();
  expect(loader.pending).toBeUndefined();
});

it('reports a tile that cannot be read, and shows the others', async () => {
  loader.show(0, { x: 0, y: 0, width: 500, height: 500 });
  at('0/0/0')?.answer.reject(new AssetError({ code: 'NOT_READABLE', message: 'The strip is damaged.' }));
  await settle();
  expect(loader.failure?.message).toBe('The strip is damaged.');
  expect(at('0/1/0')).toBeDefined();
});

it('loads the tile of a pixel whose color is read', async () => {
  expect(loader.pixel({ x: 700, y: 1200 })).toBeUndefined();
  await settle();
  const tile = aTile();
  at('0/1/2')?.answer.resolve(tile);
  await settle();
  expect(loader.pixel({ x: 700, y: 1200 })).toEqual({ bitmap: tile, x: 188, y: 176 });
  expect(loader.pixel({ x: -1, y: 0 })).toBeUndefined();
});

it('draws again when the preview is known', () => {
  const { version } = loader;
  loader.preview = aTile();
  expect(loader.version).toBeGreaterThan(version);
});

it('loads nothing after it is closed', async () => {
  loader.show(0, { x: 0, y: 0, width: 500, height: 500 });
  loader.close();
  expect(loads.every(({ signal }) => signal.aborted)).toBe(true);
  loader.show(0, { x: 0, y: 0, width: 500, height: 500 });
  loader.pixel({ x: 0, y: 0 });
  await settle();
  expect(loads).toHaveLength(4);
});
