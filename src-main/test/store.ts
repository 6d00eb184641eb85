import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewImage } from '../store/images.ts';
import { Store } from '../store/store.ts';

/** A store in a temporary folder, which `dispose` removes. */
export function temporaryStore(): { store: Store; home: string; dispose(): Promise<void> } {
  const home = mkdtempSync(join(tmpdir(), 'perch-störe-'));
  const store = new Store(home);
  return {
    store,
    home,
    async dispose() {
      store.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Adds a dataset of images without files. @returns the ids */
export function addImages(store: Store, images: readonly Partial<NewImage>[], name = 'cloth') {
  const dataset = store.datasets.add({ name, layout: 'mvtec', root: `/data/${name}`, ignoreBorder: 0 });
  const ids = images.map((given, sortIndex) =>
    store.images.add(dataset, {
      path: `/data/${name}/linen/test/hole/${sortIndex}.png`,
      tileIndex: 0,
      name: `test/hole/${sortIndex}.png`,
      textureClass: 'linen',
      defectType: 'hole',
      split: 'test',
      width: 32,
      height: 24,
      file: { sha256: 'f'.repeat(64), bytes: 10, mtimeMs: 1, ctimeMs: 1 },
      maskFiles: [],
      thumbnail: null,
      sortIndex,
      ...given,
    }),
  );
  return { dataset, images: ids };
}

/** Adds a result with scores from 0 to `max`. */
export async function addResult(
  store: Store,
  { image, method, max, threshold }: { image: number; method: number; max: number; threshold: number },
): Promise<void> {
  store.results.add({
    image,
    method,
    imageSha256: 'f'.repeat(64),
    modelSha256: null,
    map: await store.blobs.put(Buffer.from('map')),
    mapWidth: 8,
    mapHeight: 6,
    width: 32,
    height: 24,
    extentWidth: 32,
    extentHeight: 24,
    min: 0,
    max,
    threshold,
    seconds: {},
    device: 'CPU',
    versions: {},
  });
}
