import { LRUCache } from 'lru-cache';
import { PerchError } from '../../common/api/errors.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { splitPage } from '../../files/paged-path.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import type { Extraction, Extractor, ModelRunner } from '../../methods/extractors/extractor.ts';
import { extractorNamed } from '../../methods/registry.ts';
import type { Execution, FeatureMap, RgbImage } from '../../methods/types.ts';
import type { NormalImage } from '../protocol/data-types.ts';
import { decodeImage } from '../readers/decode-image.ts';
import { contentSha256 } from '../readers/pixel-files/file-identity.ts';
import { assertExtractable, resizeImage } from './features.ts';
import { imageChanged } from './image-cache.ts';
import { assertRegionFits, insideFeatures } from './region.ts';

/** What was computed from normal images last. A run may compare each image in several ways. */
const computed = new LRUCache<string, object>({ max: 4 });

/** The normal images of a request, and the method that compares with them. */
export interface NormalRequest<Method extends AnyMethod = AnyMethod> {
  method: Method & { extractor: string };
  normal: readonly NormalImage[];
  maxPixels: number;
  /** The part of each normal image that counts; the whole image if absent. */
  region?: InspectionRegion | null | undefined;
}

/** The features of a normal image. */
interface NormalFeatures {
  extraction: Extraction;
  /** H x W, 1 inside the inspection region; absent for the whole image. */
  inside: Uint8Array | undefined;
  /** Number of the image, from 0. */
  at: number;
  path: string;
}

/**
 * What a function computes from normal images. It is called for the first request with these files, method, model and region; later
 * ones get the same object.
 *
 * @param kind names the function
 * @throws PerchError `INVALID_ARGUMENT` without normal images, `IMAGE_CHANGED`
 */
export async function cachedFromNormal<Value extends object>(
  kind: string,
  { method, normal, region }: NormalRequest,
  settings: unknown,
  compute: () => Promise<Value>,
): Promise<Value> {
  if (normal.length === 0) {
    throw new PerchError('INVALID_ARGUMENT', 'The method compares with normal images, but none were given.');
  }
  const { modelSha256 } = extractorNamed(method.extractor);
  const images = await Promise.all(
    normal.map(async (image) => [
      await checkedHash(image),
      image.crop,
      splitPage(image.path).page,
      image.bitDepth,
    ]),
  );
  const key = JSON.stringify([kind, method, modelSha256, settings, images, regionSha256(region ?? null)]);
  const value = (computed.get(key) as Value | undefined) ?? (await compute());
  computed.set(key, value);
  return value;
}

/**
 * Extracts the features of each normal image, one after the other.
 *
 * @param extract extracts the features to compare
 * @param visit called with the features of an image, and with its pixels and a function that extracts from changed pixels
 * @throws PerchError what reading and extraction throw
 */
export async function eachNormalImage(
  { method, normal, maxPixels, region }: NormalRequest,
  extract: Extractor['extract'],
  runner: ModelRunner,
  execution: Execution,
  visit: (
    found: NormalFeatures,
    again: (change: (image: RgbImage) => RgbImage) => Promise<FeatureMap>,
  ) => Promise<void> | void,
): Promise<void> {
  const extractor = extractorNamed(method.extractor);
  const quiet = { threads: execution.threads, ...(execution.signal && { signal: execution.signal }) };
  for (const [at, { path, crop, bitDepth, direction }] of normal.entries()) {
    execution.signal?.throwIfAborted();
    execution.onProgress?.(at / normal.length);
    const file = await decodeImage(path, { maxPixels, crop, bitDepth, direction });
    assertRegionFits({ path, region, method }, file);
    const image = resizeImage(file, method.resize);
    assertExtractable(path, image, extractor);
    const extraction = await extract(image, runner, quiet);
    const inside = insideFeatures(extraction, file, { path, region, method });
    await visit({ extraction, inside, at, path }, async (change) => {
      execution.signal?.throwIfAborted();
      return (await extract(change(image), runner, quiet)).features;
    });
  }
}

/** SHA-256 of a normal image's file. @throws PerchError `IMAGE_CHANGED` if it is not the expected one */
async function checkedHash({ path, sha256 }: NormalImage): Promise<string> {
  const hash = await contentSha256(path);
  if (sha256 !== undefined && sha256 !== hash) throw imageChanged(path);
  return hash;
}
