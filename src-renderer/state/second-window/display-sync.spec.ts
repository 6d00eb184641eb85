import { expect, it } from 'vitest';
import { ViewerState } from '../../viewer/viewer-state.svelte.ts';
import type { Blinding } from '../datasets/dataset-store.svelte.ts';
import { EMPTY_FILTER } from '../images/image-filter.ts';
import { anImage } from '../test/images.ts';
import { applyDisplayState, displayStateOf, type DisplayedStores } from './display-sync.ts';

function createStores(pane: { width: number; height: number }) {
  const image = anImage({ id: 5, textureClass: 'linen' });
  const viewer = new ViewerState();
  viewer.setImageSize({ width: 100, height: 100 });
  viewer.pane = pane;
  const custom: [unknown, number | undefined][] = [];
  const stores = {
    datasets: {
      selectedId: 1,
      textureClass: undefined,
      byId: new Map([[5, image]]),
      blinding: undefined as Blinding | undefined,
      select(dataset: number) {
        this.selectedId = dataset;
      },
    },
    methods: { selectedId: 7 },
    reviews: { isHidden: () => true, blinding: { heatmaps: true } },
    scores: { byClass: new Map([['linen', { isCustom: true, threshold: 0.5 }]]) },
    selection: { image, filter: { ...EMPTY_FILTER, text: 'x' }, requestedId: undefined },
    thresholds: { apply: (key: unknown, score: number | undefined) => custom.push([key, score]) },
    viewer,
  };
  return { stores, custom, displayed: stores as unknown as DisplayedStores };
}

it('shows the same image, threshold and part of the image in a second window of another size', () => {
  const main = createStores({ width: 200, height: 200 });
  main.stores.viewer.zoomTo(4, { x: 0, y: 0 });
  main.stores.viewer.opacity = 0.25;
  const second = createStores({ width: 400, height: 400 });
  applyDisplayState(second.displayed, structuredClone(displayStateOf(main.displayed)));
  expect(second.stores.selection).toMatchObject({ requestedId: 5, filter: EMPTY_FILTER });
  expect(second.custom).toEqual([[{ dataset: 1, method: 7, textureClass: 'linen' }, 0.5]]);
  const { x, y, scale } = main.stores.viewer.view;
  expect(second.stores.viewer.view).toEqual({ x, y, scale: 2 * scale });
  expect(second.stores.viewer.opacity).toBe(0.25);
});

it('hides name, ground truth and heatmap in a second window during a blind review', () => {
  const { stores, displayed } = createStores({ width: 200, height: 200 });
  stores.selection.image.name = 'Image 3';
  applyDisplayState(displayed, structuredClone(displayStateOf(displayed)));
  expect(stores.datasets.blinding?.nameOf(5)).toBe('Image 3');
  expect(stores.datasets.blinding?.heatmaps).toBe(true);
});
