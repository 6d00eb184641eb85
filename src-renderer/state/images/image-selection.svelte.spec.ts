import { flushSync } from 'svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DatasetImage } from '../../../src-main/common/api/datasets.ts';
import { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import { EMPTY_FILTER } from './image-filter.ts';
import { Notices } from '../notices.svelte.ts';
import { ImageSelection } from './image-selection.svelte.ts';
import { aDataset, fakeClient } from '../test/client.ts';
import { anImage } from '../test/images.ts';

const ids = (images: readonly DatasetImage[]) => images.map(({ id }) => id);

describe('ImageSelection', () => {
  let datasets: DatasetStore;
  let selection: ImageSelection;
  let scores: Map<number, number>;

  beforeEach(async () => {
    const images = [1, 2, 3, 4, 5].map((id) =>
      anImage({ id, textureClass: id < 4 ? 'linen' : 'felt', defectType: id % 2 ? 'hole' : 'good' }),
    );
    datasets = new DatasetStore(
      fakeClient({ datasets: [aDataset({ id: 1 })], images: { 1: images } }),
      new Notices(),
    );
    scores = new Map();
    selection = new ImageSelection(datasets, {
      score: ({ id }) => scores.get(id),
      verdict: () => undefined,
      disagreement: () => undefined,
      decision: () => undefined,
      distance: () => undefined,
    });
    await datasets.watch();
    flushSync();
  });

  it('opens the first image by default, and clamps moves to the ends', () => {
    expect(selection.image?.id).toBe(1);
    selection.move(-3);
    expect(selection.index).toBe(0);
    selection.move(99);
    expect(selection.image?.id).toBe(5);
  });

  it('is limited to the selected class, and opens an image of it', () => {
    selection.openAt(0);
    datasets.textureClass = 'felt';
    expect(ids(selection.images)).toEqual([4, 5]);
    expect(selection.image?.id).toBe(4);
  });

  it('keeps an image open that is filtered out, and moves on from its former index', () => {
    selection.openAt(1);
    selection.filter = { ...EMPTY_FILTER, kinds: ['hole'] };
    expect(ids(selection.images)).toEqual([1, 3, 5]);
    expect(selection.image?.id).toBe(2);
    expect(selection.index).toBe(-1);
    selection.move(1);
    expect(selection.image?.id).toBe(3);
  });

  it('shows only a list of images, without the other filters', () => {
    selection.filter = { ...EMPTY_FILTER, kinds: ['hole'] };
    selection.showOnly({ title: 'good x reject', images: [4, 2] });
    expect(ids(selection.images)).toEqual([2, 4]);
    selection.clearFilter();
    expect(ids(selection.images)).toEqual([1, 2, 3, 4, 5]);
  });

  it('lists the nearest neighbors first', () => {
    selection.openAt(2);
    expect(ids(selection.neighbors(2))).toEqual([3, 4, 2, 5, 1]);
  });

  it('selects a range from its anchor', () => {
    selection.openAt(1);
    selection.extendTo(3);
    expect([...selection.selected]).toEqual([2, 3, 4]);
    selection.extendTo(0);
    expect([...selection.selected]).toEqual([1, 2]);
    selection.clearSelected();
    expect(ids(selection.targets)).toEqual([1]);
  });
});
