import { PerchError } from '../../common/api/errors.ts';
import { resizeToImage } from '../../common/maps/resize.ts';
import type { LabeledMap } from '../../metrics/labeled-map.ts';
import { openMask } from '../masks/mask.ts';
import { readMap } from '../readers/read-map.ts';
import type { LabeledMapFile } from '../protocol/data-types.ts';

/**
 * Pixels of an image that are left when `ignoreBorder` is cut at every side.
 *
 * @throws PerchError `INVALID_ARGUMENT` where nothing is
 */
function countInnerPixels(
  { width, height }: { width: number; height: number },
  ignoreBorder: number,
): number {
  if (2 * ignoreBorder < Math.min(width, height))
    return (width - 2 * ignoreBorder) * (height - 2 * ignoreBorder);
  throw new PerchError(
    'INVALID_ARGUMENT',
    `A border of ${ignoreBorder} px leaves nothing of an image of ${width} x ${height} pixels. Choose a smaller one.`,
  );
}

/** The map at the size of its image with its ground truth, `ignoreBorder` pixels cut from both at every side. */
export async function loadLabeledMap(file: LabeledMapFile, ignoreBorder: number): Promise<LabeledMap> {
  const { width, height } = file;
  const scores = resizeToImage({ ...file, map: await readMap(file.map, file.shift) }).values;
  const groundTruth =
    file.mask === undefined ? new Uint8Array(width * height) : await loadGroundTruth(file.mask, file);
  const isMarked = groundTruth.includes(1);
  const known = {
    isDefective: isMarked || (file.isDefective ?? false),
    isImageOnly: !isMarked && (file.isDefective ?? false),
  };
  if (ignoreBorder === 0) return { scores, groundTruth, width, height, ...known };
  const inner = { width: width - 2 * ignoreBorder, height: height - 2 * ignoreBorder };
  const cut = <Values extends Float32Array | Uint8Array>(from: Values, to: Values): Values => {
    for (let y = 0; y < inner.height; y++) {
      const start = (y + ignoreBorder) * width + ignoreBorder;
      to.set(from.subarray(start, start + inner.width), y * inner.width);
    }
    return to;
  };
  const pixels = countInnerPixels(file, ignoreBorder);
  return {
    ...inner,
    ...known,
    scores: cut(scores, new Float32Array(pixels)),
    groundTruth: cut(groundTruth, new Uint8Array(pixels)),
  };
}

async function loadGroundTruth(path: string, { width, height }: LabeledMapFile): Promise<Uint8Array> {
  const mask = await openMask(path, Infinity);
  if (mask.width === width && mask.height === height) return (await mask.read()).values;
  throw new PerchError(
    'INVALID_MASK',
    `${path} has ${mask.width} x ${mask.height} pixels, its image ${width} x ${height}. A mask has the size of its image.`,
  );
}
