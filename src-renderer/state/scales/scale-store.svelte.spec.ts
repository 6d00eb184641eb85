import { beforeEach, expect, it } from 'vitest';
import type { ClassScale } from '../../../src-main/common/api/scale.ts';
import { Notices } from '../notices.svelte.ts';
import { ScaleStore } from './scale-store.svelte.ts';

const scale = (mm: number): ClassScale => ({
  textureClass: 'linen',
  scale: { across: mm, along: mm },
  source: 'typed',
  author: 'Ada',
  at: '',
});
let stored: ClassScale[];
let store: ScaleStore;

beforeEach(() => {
  stored = [scale(0.1)];
  const list = async () => ({ scales: structuredClone(stored), proposals: [] });
  const set = async (change: { scale: ClassScale['scale'] | null }) => {
    stored = change.scale ? [{ ...scale(1), scale: change.scale }] : [];
  };
  store = new ScaleStore({ scales: { list, set } } as never, new Notices());
});

it('has the scales of its dataset only', async () => {
  await store.open(1);
  expect(store.of('linen')).toEqual({ across: 0.1, along: 0.1 });
  expect(store.of('silk')).toBeUndefined();
  const opening = store.open(2);
  expect(store.of('linen')).toBeUndefined();
  await opening;
});

it('shows a saved scale, and none after it is removed', async () => {
  await store.open(1);
  await store.save('linen', { across: 0.2, along: 0.3 }, { source: 'measured', author: 'Ada' });
  expect(store.of('linen')).toEqual({ across: 0.2, along: 0.3 });
  await store.save('linen', null, { source: 'typed', author: 'Ada' });
  expect(store.of('linen')).toBeUndefined();
});
