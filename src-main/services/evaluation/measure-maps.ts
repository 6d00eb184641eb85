import os from 'node:os';
import { PerchError } from '../../api/errors.ts';
import { gatherPixels } from '../../engine/evaluate.ts';
import type { MapFile } from '../../engine/judge.ts';
import { openMask } from '../../engine/mask.ts';
import { readMapSize } from '../../engine/read-map.ts';
import type { ClassFigures } from '../../metrics/class-pixels.ts';
import { atOnce } from '../at-once.ts';
import type { ClassMaps, MapWithMask } from './map-folders.ts';

interface Size {
  width: number;
  height: number;
}

/**
 * Figures of a class by maps that were made elsewhere. A map is taken at the size of its image's mask; one without a mask at
 * that of the others where all of them have one size, else at its own.
 *
 * It runs in this process: a command that ends with it has nothing to be kept from harm, and an engine would take as long to
 * start as the figures take.
 *
 * @param border pixels cut at every side
 * @throws PerchError `INVALID_MAP` where a map has not the proportions of its mask, and as `readMap` and `readMask`
 */
export async function measureMaps(
  { maps }: ClassMaps,
  { border, proLimit }: { border: number; proLimit: number },
  onProgress: (fraction: number) => void,
): Promise<ClassFigures> {
  const sizes: { map: Size; mask?: Size }[] = new Array(maps.length);
  await atOnce(maps, os.availableParallelism(), async (of, at) => {
    sizes[at] = await sizesOf(of);
  });
  const common = commonSize(sizes.flatMap(({ mask }) => mask ?? []));
  const images = maps.map((file, at) => mapFile(file, sizes[at].map, sizes[at].mask ?? common));
  const pixels = await gatherPixels(images, border, {
    signal: new AbortController().signal,
    report: ({ fraction }) => onProgress(fraction),
  });
  const { figures } = await pixels.figures(proLimit, { threads: os.availableParallelism() });
  return figures;
}

async function sizesOf({ map, mask }: MapWithMask): Promise<{ map: Size; mask?: Size }> {
  const size = await readMapSize(map);
  if (mask === undefined) return { map: size };
  const { width, height } = await openMask(mask, Infinity);
  return { map: size, mask: { width, height } };
}

function mapFile({ map, mask }: MapWithMask, own: Size, image: Size = own): MapFile {
  if (!mayCover(own, image)) {
    const whose = mask === undefined ? 'the masks of its class are' : `its mask ${mask}`;
    throw new PerchError(
      'INVALID_MAP',
      `${map} is ${own.width} x ${own.height}, ${whose} ${image.width} x ${image.height}. A map has the size of its mask, its ` +
        'proportions, or is square.',
    );
  }
  const { width, height } = image;
  return { map, mask, width, height, coverWidth: width, coverHeight: height };
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
