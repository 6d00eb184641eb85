import { expect, it } from 'vitest';
import { Catalogue } from './dataset-store.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { aDataset, clientOf } from '../test/client.ts';
import { anImage } from '../test/images.ts';

const two = { datasets: [aDataset({ id: 1 }), aDataset({ id: 2 })] };

it('says where an address names a dataset that is gone, at the start and later', async () => {
  const notices = new Notices();
  const catalogue = new Catalogue(clientOf(two), notices);
  catalogue.choose(99);
  await catalogue.watch();
  expect(catalogue.chosenId).toBe(1);
  expect(notices.all.map(({ title }) => title)).toEqual([
    'The dataset of this address is not in the library any more',
  ]);
  catalogue.choose(2);
  catalogue.choose(77);
  expect(catalogue.chosenId).toBe(2);
  catalogue.choose(2, 'no such class');
  expect(catalogue.textureClass).toBeUndefined();
});

it('says when a dataset is left, and not when the first one is opened', async () => {
  let left = 0;
  const catalogue = new Catalogue(clientOf(two), new Notices(), () => left++);
  await catalogue.watch();
  catalogue.choose(1, 'felt');
  expect(left).toBe(0);
  catalogue.choose(2);
  expect(left).toBe(1);
});

it('hands out nothing of a hidden image that would give the answer away', async () => {
  const images = {
    1: [
      anImage({
        id: 5,
        name: 'test/cut/000.png',
        kind: 'cut',
        groundTruth: 'masked',
        label: 'defective',
        mask: 'a',
      }),
    ],
  };
  const catalogue = new Catalogue(clientOf({ ...two, images }), new Notices());
  await catalogue.watch();
  expect(catalogue.byId.get(5)).toMatchObject({ name: 'test/cut/000.png', groundTruth: 'masked' });
  catalogue.hides = (image) => image === 5;
  expect(catalogue.byId.get(5)).toMatchObject({
    ...{ name: '000.png', kind: '', groundTruth: 'unknown', label: 'unknown', mask: null, annotated: false },
  });
  expect([...catalogue.kinds]).toEqual(['cut']);
});
