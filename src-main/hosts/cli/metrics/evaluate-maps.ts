import os from 'node:os';
import { basename, dirname } from 'node:path';
import { PerchError } from '../../../common/api/errors.ts';
import { accumulateMetrics } from '../../../engine/evaluation/evaluate-class.ts';
import { openMask } from '../../../engine/masks/mask.ts';
import {
  type MapHeader,
  mergedNeighbors,
  readMapHeader,
  readPreciseMap,
} from '../../../engine/readers/read-map.ts';
import type { ClassMetrics } from '../../../metrics/metric-accumulator.ts';
import { mapConcurrent } from '../../../services/map-concurrent.ts';
import { isGoodName } from '../../../services/library/folder-names.ts';
import { evaluationNotes } from '../../../services/evaluation/evaluation-notes.ts';
import type { ClassMaps, MapWithMask } from '../../../services/evaluation/match-maps-to-masks.ts';
import type { ScoreShift, LabeledMapFile } from '../../../engine/protocol/data-types.ts';

interface Size {
  width: number;
  height: number;
}

/**
 * Metrics of a class by maps that were made elsewhere. A map is taken at the size of its image's mask; one without a mask at
 * that of the others where all of them have one size, else at its own.
 *
 * It runs in this process: a command that ends with it has nothing to be kept from harm, and an engine would take as long to
 * start as the metrics take.
 *
 * @param ignoreBorder pixels cut at every side
 * @returns also what is doubtful about masks, and scores whose order is lost, in sentences
 * @throws PerchError `INVALID_MAP` where a map has not the proportions of its mask, and as `readMap` and `readMask`
 */
export async function evaluateMaps(
  { maps }: ClassMaps,
  { ignoreBorder, proFprLimit }: { ignoreBorder: number; proFprLimit: number },
  onProgress: (fraction: number) => void,
): Promise<{ metrics: ClassMetrics; notes: string[] }> {
  const sizes: { map: MapHeader; mask?: Size }[] = new Array(maps.length);
  await mapConcurrent(maps, os.availableParallelism(), async (of, at) => {
    sizes[at] = await sizesOf(of);
  });
  const common = commonSize(sizes.flatMap(({ mask }) => mask ?? []));
  const notes: string[] = [];
  const isPrecise = sizes.some(({ map }) => map.isPrecise);
  const shift = isPrecise ? await commonShift(maps, (note) => notes.push(note)) : undefined;
  const images = maps.map((file, at) => ({
    ...mapFile(file, sizes[at].map, sizes[at].mask ?? common),
    ...(shift && { shift }),
  }));
  const means = {
    signal: new AbortController().signal,
    report: ({ fraction }: { fraction: number }) => onProgress(fraction),
  };
  const pixels = await accumulateMetrics(images, ignoreBorder, means, ({ isImageOnly, isDefective }, at) => {
    const { mask, isDefective: byFolder } = maps[at];
    if (mask === undefined) return;
    if (isImageOnly)
      notes.push(
        `${mask} marks nothing, but its folder is not one of normal images: it counts in image metrics alone.`,
      );
    else if (isDefective && !byFolder && isGoodName(basename(dirname(maps[at].map))))
      notes.push(`${mask} marks a defect in an image that its folder calls normal. It is taken as it is.`);
  });
  const { metrics } = await pixels.metrics(proFprLimit, { threads: os.availableParallelism() });
  notes.push(...evaluationNotes(metrics, { missing: 0, unknown: 0 }));
  if (!shift || metrics.f1MaxThreshold === null) return { metrics, notes };
  return { metrics: { ...metrics, f1MaxThreshold: metrics.f1MaxThreshold * shift.range + shift.low }, notes };
}

/**
 * The change of all scores of a class that lets float32 keep their order, undefined where it keeps them as they are: maps of float64
 * may differ by less than float32 can tell at their height.
 */
async function commonShift(
  maps: readonly MapWithMask[],
  onNote: (note: string) => void,
): Promise<ScoreShift | undefined> {
  let isMerged = false;
  let [low, high] = [Infinity, -Infinity];
  for (const { map: path } of maps) {
    const map = await readPreciseMap(path);
    isMerged ||= mergedNeighbors(map) > 0;
    for (const value of map.values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!isMerged) return undefined;
  const shift = { low, range: high - low };
  for (const { map: path } of maps) {
    const merged = mergedNeighbors(await readPreciseMap(path), shift);
    if (merged > 0)
      onNote(
        `${path}: ${merged} neighboring scores differ by less than float32 can tell, and count as equal.`,
      );
  }
  return shift;
}

async function sizesOf({ map, mask }: MapWithMask): Promise<{ map: MapHeader; mask?: Size }> {
  const size = await readMapHeader(map);
  if (mask === undefined) return { map: size };
  const { width, height } = await openMask(mask, Infinity);
  return { map: size, mask: { width, height } };
}

function mapFile({ map, mask, isDefective }: MapWithMask, own: Size, image: Size = own): LabeledMapFile {
  if (!mayCover(own, image)) {
    const whose = mask === undefined ? 'the masks of its class are' : `its mask ${mask}`;
    throw new PerchError(
      'INVALID_MAP',
      `${map} is ${own.width} x ${own.height}, ${whose} ${image.width} x ${image.height}. A map has the size of its mask, its ` +
        'proportions, or is square.',
    );
  }
  const { width, height } = image;
  return { map, mask, isDefective, width, height, extentWidth: width, extentHeight: height };
}

/** A map may be smaller than its image, and square where a system has all images of one square size. */
function mayCover(map: Size, image: Size): boolean {
  if (map.width === map.height) return true;
  const rows = (map.width * image.height) / image.width;
  const columns = (map.height * image.width) / image.height;
  return Math.abs(rows - map.height) <= 1 || Math.abs(columns - map.width) <= 1;
}

function commonSize([first, ...others]: readonly Size[]): Size | undefined {
  const same = ({ width, height }: Size) => width === first.width && height === first.height;
  return others.every(same) ? first : undefined;
}
