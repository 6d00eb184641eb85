import { PerchError } from '../../common/api/errors.ts';
import { evaluationStep, sampledSize } from '../../common/maps/evaluation-step.ts';
import { pixelsInside } from '../../common/maps/pixels-inside.ts';
import type { LabeledMap } from '../../metrics/labeled-map.ts';
import { scoresInside } from '../../common/maps/placed-map.ts';
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
 * returns which of the remaining pixels are inspected. Of a large image, only sampled pixels are loaded (`evaluationStep`).
 */
export async function loadLabeledMap(file: LabeledMapFile, ignoreBorder: number): Promise<LabeledMap> {
  const step = evaluationStep(file);
  const size = sampledSize(file, step);
  const placed = { ...file, map: await readMap(file.map, file.shift) };
  const { scores, inside } = pixelsInside(placed, step);
  const { groundTruth, isMarked } = await loadGroundTruth(file, step);
  const isDefective = isMarked || (file.isDefective ?? false);
  const label = { isDefective, isImageOnly: isDefective && !groundTruth.includes(1) };
  // Samples can miss the highest score.
  const highest = step === 1 ? undefined : scoresInside(placed).reduce((a, b) => Math.max(a, b), -Infinity);
  const imageScore = file.imageScore ?? highest;
  const labeled = { scores, groundTruth, ...(inside && { inside }), ...size, ...label, imageScore };
  const cropped = cropIgnoredBorder(labeled, Math.ceil(ignoreBorder / step));
  if (!cropped.inside || cropped.inside.includes(1)) return cropped;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `A border of ${ignoreBorder} px and the inspection region leave no pixel of an image of ${file.width} x ${file.height} pixels (${file.map}). ` +
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

/** The ground truth of an image's sampled pixels, and whether any of its pixels is anomalous. */
async function loadGroundTruth(
  { mask: path, width, height }: LabeledMapFile,
  step: number,
): Promise<{ groundTruth: Uint8Array; isMarked: boolean }> {
  const size = sampledSize({ width, height }, step);
  if (path === undefined) return { groundTruth: new Uint8Array(size.width * size.height), isMarked: false };
  if (step > 1) {
    const { sampleMask } = await import('../masks/sample-mask.ts');
    return sampleMask(path, { width, height }, step);
  }
  const mask = await openMask(path, Infinity);
  if (mask.width === width && mask.height === height) {
    const { values, marked } = await mask.read();
    return { groundTruth: values, isMarked: marked > 0 };
  }
  throw new PerchError(
    'INVALID_MASK',
    `${path} has ${mask.width} x ${mask.height} pixels, but its image has ${width} x ${height}. A mask must have the size of its image.`,
  );
}
