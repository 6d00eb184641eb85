import type { Problem } from '../../common/api/datasets.ts';
import { encodeMaskPng } from '../../common/maps/mask-png.ts';
import { countPixels, RunList, type Runs, unionOf } from '../../common/maps/mask-runs.ts';
import { splitPage } from '../../files/paged-path.ts';
import type { EncodedMask } from '../protocol/data-types.ts';
import { openPixelFile } from '../readers/pixel-files/open-pixel-file.ts';
import { openStream } from '../readers/pixel-files/open-stream.ts';
import { pixelStorage } from '../readers/pixel-files/pixel-storage.ts';
import type { PixelSource } from '../readers/pixel-source.ts';
import { lowestAnomalous, toGray } from './mask.ts';
import { assertImageSize, maskProblems, type MaskedImage, readEach } from './merge-masks.ts';

/** Pixels that are read at once. */
const BAND = 2 ** 22;

/**
 * Merges the masks of a large image in bounded memory, as `mergeMasks` does; undefined if none is usable. Alpha channels are not read as
 * masks, and masks are not rotated.
 */
export async function mergeLargeMasks(
  paths: readonly string[],
  image: MaskedImage,
  signal: AbortSignal,
): Promise<{ mask: EncodedMask | undefined; problems: Problem[] }> {
  let merged: Runs | undefined;
  const problems = await readEach(paths, async (path) => {
    const mask = await readLargeMask(path, image, signal);
    merged = merged ? unionOf(merged, mask.runs, image.width) : mask.runs;
    return mask.problems;
  });
  return { mask: merged && (await encodeRuns(merged, image)), problems };
}

/** A large mask as PNG. */
export async function encodeRuns(
  runs: Runs,
  { width, height }: { width: number; height: number },
): Promise<EncodedMask> {
  return { png: await encodeMaskPng(runs, { width, height }), pixels: countPixels(runs) };
}

/**
 * Reads a mask file of any size.
 *
 * @throws PerchError `INVALID_MASK` if the mask and the image differ in size; as `openPixelFile`
 */
export async function readLargeMask(
  path: string,
  image: MaskedImage,
  signal?: AbortSignal,
): Promise<{ runs: Runs; problems: Problem[] }> {
  const { pages, ...size } = await openStream(path);
  assertImageSize(path, size, image);
  const pixels = await openPixelFile({ path }, { ...pixelStorage(), ...(signal && { signal }) });
  try {
    const isUsed = new Uint8Array(pixels.depth === 8 ? 256 : 65536);
    for await (const { gray } of bandsOf(pixels, signal)) {
      for (let i = 0; i < gray.length; i++) isUsed[gray[i]] = 1;
    }
    const from = lowestAnomalous(isUsed, /\.jpe?g$/i.test(splitPage(path).file));
    const list = new RunList(pixels.width);
    for await (const { gray, first } of bandsOf(pixels, signal))
      addRuns(list, gray, first, from, pixels.width);
    const runs = list.runs;
    return { runs, problems: maskProblems(path, { ...size, pages, marked: countPixels(runs) }, image) };
  } finally {
    await pixels.close();
  }
}

/** The gray values of an image, some rows at a time, and the number of the first pixel. */
async function* bandsOf(pixels: PixelSource, signal: AbortSignal | undefined) {
  const { width, height } = pixels;
  const rows = Math.max(1, Math.floor(BAND / width));
  for (let top = 0; top < height; top += rows) {
    signal?.throwIfAborted();
    const block = await pixels.read({ left: 0, top, width, height: Math.min(rows, height - top) });
    yield { gray: toGray({ ...block, channels: pixels.channels }), first: top * width };
  }
}

function addRuns(
  list: RunList,
  gray: Uint8Array | Uint16Array,
  first: number,
  from: number,
  width: number,
): void {
  for (let row = 0; row < gray.length; row += width) {
    let start = -1;
    for (let x = 0; x <= width; x++) {
      const isMarked = x < width && gray[row + x] >= from;
      if (isMarked && start < 0) start = x;
      if (isMarked || start < 0) continue;
      list.add(first + row + start, first + row + x);
      start = -1;
    }
  }
}
