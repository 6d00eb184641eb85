import { expect, it, vi } from 'vitest';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import { BitmapCache } from './bitmap-cache.ts';
import { MapCache } from './map-cache.ts';
import type { RenderWorker } from './render-worker.ts';

const fetchAsset = vi.hoisted(() => vi.fn());
vi.mock('../api/assets.ts', () => ({ fetchAsset, imageUrl: (id: number) => `image ${id}` }));

const inspection = { map: 'a' } as Inspection;
const aBitmap = () => ({ width: 10, height: 10, close: vi.fn() }) as unknown as ImageBitmap;

it('renders a heatmap once per map, range and colormap', async () => {
  const request = vi.fn(async () => aBitmap());
  const maps = new MapCache({ request } as unknown as RenderWorker);
  const heatmap = await maps.heatmap(inspection, { low: 0, high: 1 }, 'magma');
  expect(await maps.heatmap(inspection, { low: 0, high: 1 }, 'magma')).toBe(heatmap);
  expect(maps.peekHeatmap(inspection, { low: 0, high: 1 }, 'magma')).toBe(heatmap);
  expect(maps.peekHeatmap(inspection, { low: 0, high: 2 }, 'magma')).toBeUndefined();
  await maps.heatmap(inspection, { low: 0, high: 2 }, 'magma');
  await maps.heatmap(inspection, { low: 0, high: 1 }, 'reds');
  expect(request).toHaveBeenCalledTimes(3);
});

it('does not preload images that would exceed the memory of the cache', async () => {
  vi.stubGlobal('createImageBitmap', async () => aBitmap());
  fetchAsset.mockResolvedValue({ blob: async () => ({}) });
  const bitmaps = new BitmapCache();
  await bitmaps.preload({ width: 10_000, height: 10_000 } as ImageBitmap, [1, 2]);
  expect(fetchAsset).not.toHaveBeenCalled();
  await bitmaps.preload(aBitmap(), [1, 2]);
  expect(bitmaps.peek(1)).toBeDefined();
  expect(fetchAsset.mock.calls.map(([url]) => url as string)).toEqual(['image 1', 'image 2']);
  vi.unstubAllGlobals();
});
