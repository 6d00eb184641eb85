import os from 'node:os';
import type { Crop } from '../api/datasets.ts';
import { PerchError } from '../api/errors.ts';
import { resizePlane } from '../maps/resize.ts';
import type { Extraction, Extractor, GraphRunner } from '../methods/extractors/extractor.ts';
import { extractorNamed } from '../methods/registry.ts';
import type { RgbImage } from '../methods/types.ts';
import { decodeImage } from './decode.ts';
import type { StageClock } from './task.ts';

/** Decodes an image and extracts its features; resized first to `resize` x `resize` pixels where given. */
export async function extractFrom(
  request: { path: string; crop?: Crop; extractor: string; resize?: number | undefined; maxPixels: number },
  graphs: GraphRunner,
  clock: StageClock,
): Promise<{ image: RgbImage; extraction: Extraction }> {
  const { path, resize } = request;
  const extractor = extractorNamed(request.extractor);
  const image = await clock.time('decode', () => decodeImage(path, request.maxPixels, request.crop));
  const input = resized(image, resize);
  refuseUnfit(path, input, extractor);
  const extraction = await clock.time('extract', (execution) => extractor.extract(input, graphs, execution));
  return { image, extraction };
}

/** The image at `side` x `side` pixels (bilinear), or as it is where no side is given. */
export function resized(image: RgbImage, side: number | undefined): RgbImage {
  if (side === undefined) return image;
  const { values, height, width } = image;
  const planes = new Float32Array(3 * side * side);
  for (let plane = 0; plane < 3; plane++) {
    const source = {
      values: values.subarray(plane * height * width, (plane + 1) * height * width),
      height,
      width,
    };
    planes.set(resizePlane(source, { height: side, width: side }), plane * side * side);
  }
  return { values: planes, height: side, width: side };
}

/** @throws PerchError `IMAGE_TOO_SMALL`, `IMAGE_TOO_LARGE` where the extractor cannot take the image */
export function refuseUnfit(path: string, { height, width }: RgbImage, extractor: Extractor): void {
  if (Math.min(height, width) < extractor.minSide) {
    throw new PerchError(
      'IMAGE_TOO_SMALL',
      `${path} is ${width} x ${height} pixels; the extractor "${extractor.name}" needs at least ` +
        `${extractor.minSide} x ${extractor.minSide}. Use a larger image.`,
    );
  }
  const needed = height * width * extractor.bytesPerPixel;
  if (needed > os.totalmem() * 0.8) {
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    throw new PerchError(
      'IMAGE_TOO_LARGE',
      `${path} is ${width} x ${height} pixels; the extractor "${extractor.name}" would need about ${gib(needed)} of ` +
        `memory and this machine has ${gib(os.totalmem())}. Shrink it with --resize, or cut it into parts.`,
    );
  }
}
