import type { Crop } from '../../common/geometry.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { Provider } from '../../common/api/schemas.ts';
import { splitPage } from '../../files/paged-path.ts';
import type { Extraction, Extractor, ModelRunner } from '../../methods/extractors/extractor.ts';
import { resizeRgb } from '../../methods/extractors/resize-rgb.ts';
import { extractorNamed } from '../../methods/registry.ts';
import type { RgbImage } from '../../methods/types.ts';
import { memoryBudget, memoryLimit } from '../../platform/memory.ts';
import type { DecodedImage, ImageRequest } from './image-cache.ts';
import type { StageTimer } from '../runtime/handler-context.ts';

/** Decodes an image, or returns it from the cache. */
export async function decodeCached(request: ImageRequest, timer: StageTimer): Promise<DecodedImage> {
  const source = await timer.time('decode', () => timer.context.imageCache.decode(request));
  timer.seconds.decode = source.seconds;
  return source;
}

/**
 * Extracts the features of an image, after resizing it to `resize` x `resize` pixels if given, or returns them from the cache.
 *
 * @param chooseExtract the extractor's function that is called, by default `extract`
 */
export async function extractCached(
  source: DecodedImage,
  request: {
    path: string;
    crop?: Crop;
    bitDepth?: number;
    extractor: string;
    resize?: number | undefined;
    chooseExtract?: (extractor: Extractor) => Extractor['extract'];
  },
  { runner, provider }: { runner: ModelRunner; provider: Provider },
  timer: StageTimer,
): Promise<{ extraction: Extraction; modelSha256: string | null }> {
  const { path, crop, bitDepth, resize, chooseExtract = ({ extract }) => extract } = request;
  const extractor = extractorNamed(request.extractor);
  const { name, modelSha256 = null } = extractor;
  const extract = chooseExtract(extractor);
  const key = JSON.stringify([
    source.sha256,
    splitPage(path).page,
    crop,
    bitDepth,
    name,
    modelSha256,
    resize,
    provider,
    extract === extractor.extract,
  ]);
  const { value: extraction, seconds } = await timer.time('extract', (execution) =>
    timer.context.featureCache.getOrExtract(key, () => {
      const input = resizeImage(source.value, resize);
      assertExtractable(path, input, extractor);
      return extract(input, runner, execution);
    }),
  );
  timer.seconds.extract = seconds;
  // The extractor "colors" returns the planes of the image, which the cache of features then keeps.
  if (extraction.features.values.buffer === source.value.values.buffer) source.retain();
  return { extraction, modelSha256 };
}

/** Resizes an image to `side` x `side` pixels (bilinear). Without a side, returns it unchanged. */
export function resizeImage(image: RgbImage, side: number | undefined): RgbImage {
  if (side === undefined) return image;
  return resizeRgb(image, { height: side, width: side });
}

/** @throws PerchError `IMAGE_TOO_SMALL`, `IMAGE_TOO_LARGE` if the extractor cannot process the image */
export function assertExtractable(path: string, { height, width }: RgbImage, extractor: Extractor): void {
  if (Math.min(height, width) < extractor.minSide) {
    throw new PerchError(
      'IMAGE_TOO_SMALL',
      `${path} is ${width} x ${height} pixels. The extractor "${extractor.name}" needs at least ` +
        `${extractor.minSide} x ${extractor.minSide}. Use a larger image.`,
    );
  }
  const needed = height * width * extractor.bytesPerPixel;
  if (needed > memoryBudget()) {
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    throw new PerchError(
      'IMAGE_TOO_LARGE',
      `${path} is ${width} x ${height} pixels. The extractor "${extractor.name}" needs about ${gib(needed)} of ` +
        `memory for it, and Perch may use ${gib(memoryLimit())} on this machine. Resize or split the image.`,
      undefined,
      { kind: 'resize-images' },
    );
  }
}
