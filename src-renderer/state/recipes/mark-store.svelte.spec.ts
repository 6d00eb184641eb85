import { beforeEach, expect, it, vi } from 'vitest';
import { Notices } from '../notices.svelte.ts';
import type { Signature } from '../settings/signature.svelte.ts';
import { MarkStore } from './mark-store.svelte.ts';

let stored: Set<number>;
let author: string | undefined;
let store: MarkStore;
const notices = new Notices();
const markGood = vi.fn(async ({ image, good }: { image: number; good: boolean }) => {
  if (good) stored.add(image);
  else stored.delete(image);
});

beforeEach(async () => {
  stored = new Set([1]);
  author = 'Ada';
  markGood.mockClear();
  const marks = async () => ({ images: [...stored].map((image) => ({ image, author: 'Ada', at: '' })) });
  const signature = { author: async () => author } as Signature;
  store = new MarkStore({ recipes: { marks, markGood } } as never, notices, signature);
  await store.open(1);
});

it('marks images that are not marked yet, and removes the marks if all have one', async () => {
  await store.toggle([1, 2]);
  expect(markGood.mock.calls).toEqual([[{ image: 2, good: true, author: 'Ada' }]]);
  expect([...store.images].sort()).toEqual([1, 2]);
  await store.toggle([1, 2]);
  expect([...stored]).toEqual([]);
});

it('marks nothing without an author', async () => {
  author = undefined;
  await store.toggle([2]);
  expect(markGood).not.toHaveBeenCalled();
  expect(store.has(2)).toBe(false);
});

it('removes a mark that could not be saved, and shows a notice', async () => {
  markGood.mockRejectedValueOnce(new Error('disk full'));
  await store.toggle([2]);
  await vi.waitFor(() => expect(store.has(2)).toBe(false));
  expect(notices.all.at(-1)?.title).toBe('Could not mark the image');
});
