import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreTopic } from '../common/api/schemas.ts';
import { Store } from '../store/store.ts';
import { addImages, temporaryStore } from '../test/store.ts';
import { ForeignResults } from './runs/foreign-results.ts';
import { addCloth } from './runs/test/cloth.ts';
import { StoreChanges } from './store-changes.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let other: Store;
beforeEach(() => {
  temporary = temporaryStore();
  store = temporary.store;
  other = new Store(temporary.home);
});
afterEach(async () => {
  other.close();
  await temporary.dispose();
});

const region = { include: [], exclude: [], border: 4 };

describe('changes of the store', () => {
  it('names the tables that this or another connection has written', async () => {
    const stop = new AbortController();
    const changes = new StoreChanges(store).watch(stop.signal);
    const next = async (write: () => void): Promise<StoreTopic[] | undefined> => {
      const event = changes.next();
      write();
      return (await event).value?.topics;
    };
    expect(await next(() => other.settings.set({ operator: 'Ada' }))).toEqual(['audit', 'settings']);
    expect(await next(() => store.settings.set({ operator: 'Bo' }))).toEqual(['audit', 'settings']);
    expect(await next(() => other.methods.upsertImported('anomalib'))).toEqual(['methods']);
    const { dataset, images: ids } = addImages(other, [{}]);
    const recipes = ['audit', 'recipes'];
    expect(await next(() => other.classRegions.set(dataset, 'linen', region, 'Ada'))).toEqual(recipes);
    expect(await next(() => other.calibrationMarks.add(ids[0], 'Ada'))).toEqual(recipes);
    expect(await next(() => other.calibrationMarks.remove(ids[0]))).toEqual(recipes);
    const end = changes.next();
    stop.abort();
    expect((await end).done).toBe(true);
  });

  it('finds each result of another process once, and none of its own', async () => {
    const { images } = await addCloth(store, `${temporary.home}/cloth`, { images: 3 });
    const method = store.methods.upsertImported('anomalib').id;
    const foreign = new ForeignResults(store);
    const add = (into: Store, image: number) =>
      into.results.add({
        image,
        method,
        imageSha256: 'a',
        modelSha256: null,
        map: blob,
        mapWidth: 1,
        mapHeight: 1,
        width: 1,
        height: 1,
        extentWidth: 1,
        extentHeight: 1,
        min: 0,
        max: 1,
        threshold: 0.5,
        seconds: {},
        device: '',
        versions: {},
      } as never);
    const blob = await store.blobs.put(new Uint8Array([1]));
    foreign.made(add(store, images[0]));
    expect(foreign.look()).toEqual([]);
    add(other, images[1]);
    foreign.made(add(store, images[2]));
    expect(foreign.look().map(({ image }) => image)).toEqual([images[1]]);
    expect(foreign.look()).toEqual([]);
  });
});
