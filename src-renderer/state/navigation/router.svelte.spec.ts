import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredMethod } from '../../../src-main/common/api/runs.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import { ImageSelection } from '../images/image-selection.svelte.ts';
import { EMPTY_FILTER } from '../images/image-filter.ts';
import { DEFAULT_ORDER } from '../images/image-order.ts';
import { MethodStore } from '../methods/method-store.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { aDataset, fakeClient } from '../test/client.ts';
import { anImage } from '../test/images.ts';
import type { Route } from './route.ts';
import { Router } from './router.svelte.ts';

const none = () => undefined;
const route: Route = { screen: 'inspect', filter: EMPTY_FILTER, order: DEFAULT_ORDER };

describe('Router', () => {
  let datasets: DatasetStore;
  let methods: MethodStore;
  let selection: ImageSelection;
  let router: Router;

  beforeEach(async () => {
    const client = fakeClient({
      datasets: [aDataset({ id: 1 }), aDataset({ id: 2 })],
      images: { 2: [anImage({ id: 5 }), anImage({ id: 6 })] },
    });
    datasets = new DatasetStore(client, new Notices());
    methods = new MethodStore({} as Client, new Notices());
    selection = new ImageSelection(datasets, {
      score: none,
      verdict: none,
      disagreement: none,
      decision: none,
      distance: none,
    });
    router = new Router(datasets, selection, methods);
    await datasets.watch();
  });

  it('navigates to dataset, class, method, image, session, filter and order', async () => {
    const target: Route = {
      ...route,
      dataset: 2,
      textureClass: 'linen',
      method: 7,
      image: 6,
      session: 3,
      filter: { ...EMPTY_FILTER, text: '000' },
      order: { by: 'score', descending: true },
    };
    router.navigate(target);
    expect(datasets.selectedId).toBe(2);
    expect(router.route).toEqual(target);
  });

  it('omits ids, filter and order from the address during a blind review', () => {
    const order = { by: 'score', descending: true } as const;
    router.navigate({
      ...route,
      dataset: 2,
      image: 6,
      session: 3,
      filter: { ...EMPTY_FILTER, kinds: ['hole'] },
      order,
    });
    datasets.blinding = { nameOf: () => 'Image 1', heatmaps: false };
    expect(router.route).toMatchObject({
      dataset: 2,
      session: 3,
      filter: EMPTY_FILTER,
      order: DEFAULT_ORDER,
    });
    expect(router.route.image).toBeUndefined();
    datasets.blinding = undefined;
    expect(router.route).toMatchObject({ image: 6, filter: { kinds: ['hole'] }, order });
  });

  it('keeps dataset, method and image that a route does not name, and clears the session', () => {
    router.navigate({ ...route, dataset: 2, method: 7, image: 6, session: 3 });
    router.navigate({ ...route, screen: '' });
    expect(router.route).toMatchObject({ screen: 'inspect', dataset: 2, method: 7, image: 6 });
    expect(router.session).toBeUndefined();
  });

  it('ignores a method that was removed', () => {
    methods.stored = [{ id: 7 } as StoredMethod];
    router.navigate({ ...route, method: 7 });
    router.navigate({ ...route, method: 8 });
    expect(methods.selectedId).toBe(7);
  });
});
