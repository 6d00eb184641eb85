import os from 'node:os';
import { basename, dirname } from 'node:path';
import { PerchError } from '../../../common/api/errors.ts';
import { accumulateMetrics } from '../../../engine/evaluation/evaluate-class.ts';
import { openMask } from '../../../engine/masks/mask.ts';
import type { MapHeader } from '../../../engine/readers/map-image.ts';
import { mergedNeighbors, readMapHeader, readPreciseMap } from '../../../engine/readers/read-map.ts';
import type { ClassMetrics } from '../../../metrics/metric-accumulator.ts';
import { mapConcurrent } from '../../../services/map-concurrent.ts';
import { isGoodName } from '../../../services/library/folder-names.ts';
import { evaluationNotes } from '../../../services/evaluation/evaluation-notes.ts';
import type { ClassMaps, MapWithMask } from '../../../services/evaluation/match-maps-to-masks.ts';
import type { ScoreShift, LabeledMapFile } from '../../../engine/protocol/data-types.ts';
import type { Size } from '../../../common/geometry.ts';

/**
 * Computes the metrics of a class from another system's map files. A map is resized to its mask. A map without a mask is
 * resized to the masks of the class if they all have one size; otherwise it keeps its own.
 *
 * Runs in this process: a one-shot command gains nothing from process isolation, and starting an engine takes as long as the
 * metrics.
 *
 * @param ignoreBorder pixels to ignore at each side
 * @returns the metrics, and notes on doubtful masks and on scores that became equal
 * @throws PerchError `INVALID_MAP` if a map does not have the proportions of its mask, and errors from reading files
 */
export async function evaluateMaps(
  { maps }: ClassMaps,
  { ignoreBorder, proFprLimit }: { ignoreBorder: number; proFprLimit: number },
  onProgress: (fraction: number) => void,
): Promise<{ metrics: ClassMetrics; notes: string[] }> {
  const sizes: { map: MapHeader; mask?: Size }[] = new Array(maps.length);
  await mapConcurrent(maps, os.availableParallelism(), async (files, index) => {
    sizes[index] = await readSizes(files);
  });
  const common = commonSize(sizes.flatMap(({ mask }) => mask ?? []));
  const notes: string[] = [];
  const isPrecise = sizes.some(({ map }) => map.isPrecise);
  const shift = isPrecise ? await findShift(maps, (note) => notes.push(note)) : undefined;
  const images = maps.map((file, index) => ({
    ...toLabeledMap(file, sizes[index].map, sizes[index].mask ?? common),
    ...(shift && { shift }),
  }));
  const context = {
    signal: new AbortController().signal,
    report: ({ fraction }: { fraction: number }) => onProgress(fraction),
  };
  const pixels = await accumulateMetrics(
    images,
    ignoreBorder,
    context,
    ({ isImageOnly, isDefective }, index) => {
      const { map, mask, isDefective: byFolder } = maps[index];
      if (mask === undefined) return;
      if (isImageOnly)
        notes.push(
          `${mask} is empty, but its folder does not contain normal images. The image counts only in image-level metrics.`,
        );
      else if (isDefective && !byFolder && isGoodName(basename(dirname(map))))
        notes.push(`${mask} marks a defect in an image from a folder of normal images. The mask is used.`);
    },
  );
  const { metrics } = await pixels.metrics(proFprLimit, { threads: os.availableParallelism() });
  notes.push(...evaluationNotes(metrics, { missing: 0, unknown: 0 }));
  if (!shift || metrics.f1MaxThreshold === null) return { metrics, notes };
  return { metrics: { ...metrics, f1MaxThreshold: metrics.f1MaxThreshold * shift.range + shift.low }, notes };
}

/**
 * Float64 scores may be so close that float32 makes them equal. Finds the shift and scale of a class's scores that keeps them
 * distinct; undefined if float32 keeps them distinct as they are.
 */
async function findShift(
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
    if (merged > 0) onNote(`${path}: ${merged} pairs of adjacent scores are equal in float32.`);
  }
  return shift;
}

async function readSizes({ map, mask }: MapWithMask): Promise<{ map: MapHeader; mask?: Size }> {
  const size = await readMapHeader(map);
  if (mask === undefined) return { map: size };
  const { width, height } = await openMask(mask, Infinity);
  return { map: size, mask: { width, height } };
}

function toLabeledMap({ map, mask, isDefective }: MapWithMask, own: Size, image: Size = own): LabeledMapFile {
  if (!mayCover(own, image)) {
    const other = mask === undefined ? 'the masks of its class are' : `its mask ${mask} is`;
    throw new PerchError(
      'INVALID_MAP',
      `${map} is ${own.width} x ${own.height}, but ${other} ${image.width} x ${image.height}. A map must have the size or the ` +
        'proportions of its mask, or be square.',
    );
  }
  const { width, height } = image;
  return { map, mask, isDefective, width, height, extentWidth: width, extentHeight: height };
}

/**
 * A map's size may differ from its image's size: systems that resize all images to squares write square maps.
 */
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
