import { access } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { PerchError } from '../../api/errors.ts';
import type { EngineClient } from '../../engine/client.ts';

/** Masks are 0 (normal) and 255 (anomalous); what lies between is decided at the middle. */
const ANOMALOUS_ABOVE = 0.5;

/**
 * Where the MVTec AD layout keeps the mask of a test image: `ground_truth/<kind>/<stem>_mask.png` beside `test`.
 *
 * @returns undefined for images of the kind `good`, which are normal all over
 */
export function maskPathOf(image: string): string | undefined {
  const kind = basename(dirname(image));
  if (kind === 'good') return undefined;
  const classFolder = dirname(dirname(dirname(image)));
  return join(classFolder, 'ground_truth', kind, `${basename(image, extname(image))}_mask.png`);
}

/**
 * The ground truth of a test image in the MVTec AD layout: 1 where anomalous, `height` x `width`.
 *
 * @throws PerchError `NOT_FOUND` where an image other than a good one has no mask, `INVALID_ARGUMENT` where the sizes differ
 */
export async function readGroundTruth(
  engine: EngineClient,
  image: { path: string; width: number; height: number },
  maxPixels: number,
): Promise<Uint8Array> {
  const { path, width, height } = image;
  const mask = maskPathOf(path);
  if (mask === undefined) return new Uint8Array(width * height);
  await access(mask).catch((cause: unknown) => {
    throw new PerchError('NOT_FOUND', `${path} has no ground truth: ${mask} is missing.`, cause);
  });
  const { features } = await engine.run('extract', {
    path: mask,
    extractor: 'colors',
    resize: undefined,
    maxPixels,
    provider: 'cpu',
  });
  if (features.width !== width || features.height !== height) {
    const sizes = `${features.width} x ${features.height} pixels, its image ${width} x ${height}`;
    throw new PerchError('INVALID_ARGUMENT', `${mask} has ${sizes}. A mask has the size of its image.`);
  }
  return Uint8Array.from(features.values.subarray(0, width * height), (value) =>
    value > ANOMALOUS_ABOVE ? 1 : 0,
  );
}
