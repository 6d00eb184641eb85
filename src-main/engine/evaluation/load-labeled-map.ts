import { PerchError } from '../../common/api/errors.ts';
import { pixelsInside } from '../../common/maps/pixels-inside.ts';
import type { LabeledMap } from '../../metrics/labeled-map.ts';
import { openMask } from '../masks/mask.ts';
import { readMap } from '../readers/read-map.ts';
import type { LabeledMapFile } from '../protocol/data-types.ts';

/** @throws PerchError `INVALID_ARGUMENT` if no pixels remain without the border */
function countInnerPixels(
  { width, height }: { width: number; height: number },
  ignoreBorder: number,
): number {
  if (2 * ignoreBorder < Math.min(width, height))
    return (width - 2 * ignoreBorder) * (height - 2 * ignoreBorder);
  throw new PerchError(
    'INVALID_ARGUMENT',
    `A border of ${ignoreBorder} px covers all of an image of ${width} x ${height} pixels. Choose a smaller border.`,
  );
}

/**
 * Loads a map at image size and its ground truth, both without `ignoreBorder` pixels at each side. Also
 * returns which of the remaining pixels are inspected.
 */
export async function loadLabeledMap(file: LabeledMapFile, ignoreBorder: number): Promise<LabeledMap> {
  const { width, height } = file;
  const map = await readMap(file.map, file.shift);
  const { scores, inside } = pixelsInside({ ...file, map });
  const groundTruth =
    file.mask === undefined ? new Uint8Array(width * height) : await loadGroundTruth(file.mask, file);
  const isMarked = groundTruth.includes(1);
  const label = {
    isDefective: isMarked || (file.isDefective ?? false),
    isImageOnly: !isMarked && (file.isDefective ?? false),
  };
  const { imageScore } = file;
  const labeled = { scores, groundTruth, ...(inside && { inside }), width, height, ...label, imageScore };
  const cropped = cropIgnoredBorder(labeled, ignoreBorder);
  if (!cropped.inside || cropped.inside.includes(1)) return cropped;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `A border of ${ignoreBorder} px and the inspection region leave no pixel of an image of ${width} x ${height} pixels (${file.map}). ` +
      'Choose a smaller border or a larger region.',
  );
}

/** Removes `ignoreBorder` pixels at each side of a labeled map. */
function cropIgnoredBorder(map: LabeledMap, ignoreBorder: number): LabeledMap {
  if (ignoreBorder === 0) return map;
  const { width } = map;
  const inner = { width: width - 2 * ignoreBorder, height: map.height - 2 * ignoreBorder };
  const crop = <Values extends Float32Array | Uint8Array>(from: Values, to: Values): Values => {
    for (let y = 0; y < inner.height; y++) {
      const start = (y + ignoreBorder) * width + ignoreBorder;
      to.set(from.subarray(start, start + inner.width), y * inner.width);
    }
    return to;
  };
  const pixels = countInnerPixels(map, ignoreBorder);
  return {
    ...map,
    ...inner,
    scores: crop(map.scores, new Float32Array(pixels)),
    groundTruth: crop(map.groundTruth, new Uint8Array(pixels)),
    ...(map.inside && { inside: crop(map.inside, new Uint8Array(pixels)) }),
  };
}

async function loadGroundTruth(path: string, { width, height }: LabeledMapFile): Promise<Uint8Array> {
  const mask = await openMask(path, Infinity);
  if (mask.width === width && mask.height === height) return (await mask.read()).values;
  throw new PerchError(
    'INVALID_MASK',
    `${path} has ${mask.width} x ${mask.height} pixels, but its image has ${width} x ${height}. A mask must have the size of its image.`,
  );
}
