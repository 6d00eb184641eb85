import { expect, it, vi } from 'vitest';
import type { Client } from '../../api/connection.svelte.ts';
import { DatasetStore } from './dataset-store.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { aDataset, fakeClient } from '../test/client.ts';
import { anImage } from '../test/images.ts';

const two = { datasets: [aDataset({ id: 1 }), aDataset({ id: 2 })] };

it('shows a notice when the address names a missing dataset, at the start and later', async () => {
  const notices = new Notices();
  const datasets = new DatasetStore(fakeClient(two), notices);
  datasets.select(99);
  await datasets.watch();
  expect(datasets.selectedId).toBe(1);
  expect(notices.all.map(({ title }) => title)).toEqual([
    'The dataset in this address is no longer in the library',
  ]);
  datasets.select(2);
  datasets.select(77);
  expect(datasets.selectedId).toBe(2);
  datasets.select(2, 'no such class');
  expect(datasets.textureClass).toBeUndefined();
});

it('reports leaving a dataset, but not the first selection', async () => {
  let left = 0;
  const datasets = new DatasetStore(fakeClient(two), new Notices(), () => left++);
  await datasets.watch();
  datasets.select(1, 'felt');
  expect(left).toBe(0);
  datasets.select(2);
  expect(left).toBe(1);
});

it('anonymizes hidden images', async () => {
  const images = {
    1: [
      anImage({
        id: 5,
        name: 'test/cut/000.png',
        defectType: 'cut',
        groundTruth: 'masked',
        label: 'defective',
        mask: 'a',
      }),
    ],
  };
  const datasets = new DatasetStore(fakeClient({ ...two, images }), new Notices());
  await datasets.watch();
  expect(datasets.byId.get(5)).toMatchObject({ name: 'test/cut/000.png', groundTruth: 'masked' });
  expect(datasets.isHidden).toBeUndefined();
  datasets.blinding = { nameOf: (image) => (image === 5 ? 'Image 1' : undefined), heatmaps: false };
  expect([5, 6].map((image) => datasets.isHidden?.(image))).toEqual([true, false]);
  expect(datasets.byId.get(5)).toMatchObject({
    name: 'Image 1',
    defectType: '',
    groundTruth: 'unknown',
    label: 'unknown',
    mask: null,
    annotated: false,
    revision: 0,
  });
  expect([...datasets.defectTypes]).toEqual(['cut']);
});

it('adds the images that a station added, without loading the others again', async () => {
  const shown: number[][] = [];
  async function* events() {
    for (const others of [1, 1, 2]) {
      yield { version: shown.length + 1, others };
      shown.push(datasets.images.map(({ id }) => id));
    }
  }
  const images = vi.fn(async ({ known }: { dataset: number; known?: object }) =>
    known
      ? { images: [anImage({ id: 9 })], kept: [7] }
      : { images: [anImage({ id: 3 }), anImage({ id: 7 })] },
  );
  const client = { datasets: { list: async () => two, watch: async () => events(), images } };
  const datasets = new DatasetStore(client as unknown as Client, new Notices());
  await datasets.watch();
  expect(images.mock.calls.flatMap(([{ known }]) => known ?? [])).toEqual([{ last: 7, count: 2 }]);
  expect(shown).toEqual([
    [3, 7],
    [7, 9],
    [3, 7],
  ]);
});
