import { beforeEach, expect, it, vi } from 'vitest';
import type { ClassRegion } from '../../../src-main/common/api/regions.ts';
import { Notices } from '../notices.svelte.ts';
import { RegionStore } from './region-store.svelte.ts';

const region = (border: number): ClassRegion => ({
  textureClass: 'linen',
  author: 'Ada',
  at: '',
  region: { include: [], exclude: [], border },
});
let stored: ClassRegion[];
let store: RegionStore;
const onChange = vi.fn();

beforeEach(() => {
  stored = [region(2)];
  onChange.mockClear();
  const list = async () => ({ regions: structuredClone(stored) });
  store = new RegionStore({ regions: { list } } as never, new Notices(), onChange);
});

it('reports a changed region, but not the first or an equal one', async () => {
  await store.open(1);
  const loaded = store.of('linen');
  expect(loaded?.border).toBe(2);
  await store.open(1);
  expect(store.of('linen')).toBe(loaded);
  expect(onChange).not.toHaveBeenCalled();
  stored = [region(3)];
  await store.open(1);
  expect(store.of('linen')?.border).toBe(3);
  expect(onChange).toHaveBeenCalledOnce();
});

it('has no regions of the previous dataset', async () => {
  await store.open(1);
  stored = [];
  const opening = store.open(2);
  expect(store.of('linen')).toBeUndefined();
  await opening;
  expect(onChange).not.toHaveBeenCalled();
});
