import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { writeNpy } from '../../../common/maps/npy.ts';
import { ImageCache } from '../../../engine/inspection/image-cache.ts';
import { renderInspection } from '../../../engine/rendering/render-inspection.ts';
import { noisyMap, texturePng } from './inputs.ts';
import { type Measurement, measureMemory } from './measure.ts';

const SIDE = 1024;
/** Positions of the map along each side, as `gabor` has. */
const POSITIONS = 256;
/** Only scores of the anomalous square are higher. */
const THRESHOLD = 1;

/** Measures the heatmap, the overlay and the mask of an image, from the pixels that its inspection kept to the PNG files. */
export async function measurePictures(): Promise<Measurement> {
  const folder = await mkdtemp(join(os.tmpdir(), 'perch-bench-'));
  try {
    const image = { path: join(folder, 'texture.png'), maxPixels: SIDE * SIDE };
    const map = join(folder, 'map.npy');
    await writeFile(image.path, await texturePng(SIDE, 1));
    await writeFile(map, writeNpy({ shape: [POSITIONS, POSITIONS], values: noisyMap(POSITIONS).scores }));
    const imageCache = new ImageCache();
    await imageCache.decode({ ...image, keepPixels: true });
    const placement = { width: SIDE, height: SIDE, extentWidth: SIDE, extentHeight: SIDE };
    const request = { ...image, map, placement, range: { low: 0, high: 1.3 }, threshold: THRESHOLD };
    const render = () => renderInspection(request, { imageCache });
    return await measureMemory(`pictures of ${SIDE} x ${SIDE}`, render, { warmup: 3, runs: 9 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
