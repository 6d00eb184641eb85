import os from 'node:os';
import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { EngineRequests } from '../../engine/protocol/messages.ts';
import { pagePath, splitPage } from '../../files/paged-path.ts';
import { mapConcurrent } from '../map-concurrent.ts';

type UsedRange = EngineRequests['measureBitDepths']['response']['pages'][number];

/**
 * Every page of every file as a separate image, in order, with its range of used values. Files that cannot be
 * read are kept; their inspection reports the error.
 */
export async function examineImages<Image extends { path: string }>(
  images: readonly Image[],
  engine: EngineClient,
  { maxPixels, signal }: { maxPixels: number; signal: AbortSignal },
): Promise<(Image & { used: UsedRange })[]> {
  const pages: UsedRange[][] = new Array(images.length);
  await mapConcurrent(images, os.availableParallelism(), async ({ path }, at) => {
    try {
      pages[at] = (await engine.request('measureBitDepths', { path, maxPixels }, { signal })).pages;
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof PerchError)) throw thrown;
      pages[at] = [null];
    }
  });
  return images.flatMap((image, at) => {
    const isWhole = pages[at].length > 1 && splitPage(image.path).page === undefined;
    return pages[at].map((used, index) => ({
      ...image,
      path: isWhole ? pagePath(image.path, index + 1) : image.path,
      used,
    }));
  });
}
