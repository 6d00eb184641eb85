import { relative } from 'node:path';
import type { Problem } from '../../common/api/datasets.ts';
import type { RollFrame } from '../../common/api/rolls.ts';
import type { PixelSize } from '../../common/scale.ts';
import type { Crop } from '../../common/geometry.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Blobs, WrittenBlob } from '../../store/blobs.ts';
import { sha256Of } from '../../files/sha256.ts';
import type { FileState, MaskFileState, UsedRange } from '../../store/images.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import { fileTimes } from './file-content.ts';
import type { PlannedImage } from './layouts/layout.ts';

/** An image to store: a file, a page of a file, or a tile of a strip. */
export interface IngestedTile {
  /** Index of the tile or page, from 1; 0 for the whole file. */
  tileIndex: number;
  crop?: Crop;
  width: number;
  height: number;
  /** The thumbnail's blob. */
  thumbnail: string;
  used: UsedRange | null;
  /** Its ground truth; for a masked image, the blob of the mask. */
  truth: 'normal' | 'unknown' | { mask: string; pixels: number };
}

export interface IngestedImage {
  file: FileState;
  maskFiles: MaskFileState[];
  parts: IngestedTile[];
  problems: Problem[];
  /** Size of a pixel by the file's resolution; absent if the file declares none. */
  pixelSize?: PixelSize;
  /** Of a folder, in order. */
  frames?: RollFrame[];
}

/** Reads an image and its masks in the engine and writes thumbnails and masks. Calls `written` for each blob. */
export async function ingestImageFile(
  planned: PlannedImage,
  {
    root,
    engine,
    blobs,
    written,
  }: { root: string; engine: EngineClient; blobs: Blobs; written: (blob: WrittenBlob) => void },
  signal: AbortSignal,
): Promise<IngestedImage> {
  const { path, masks, strip } = planned;
  // Read before the file's content, so that the next import detects a concurrent change.
  const before = await fileTimes(path);
  const maskFiles = await maskFileStates(masks, root);
  const direction = planned.roll?.stated.direction;
  const request = {
    path,
    masks,
    strip,
    normal: planned.normal,
    maxPixels: DEFAULT_MAX_PIXELS,
    ...(direction && { direction }),
  };
  const {
    sha256,
    tiles,
    problems: reported,
    resolution,
    frames,
  } = await engine.request('ingestImage', request, { signal });
  const keep = async (bytes: Uint8Array) => {
    const blob = await blobs.write(bytes);
    written(blob);
    return blob.sha256;
  };
  const marked = tiles.reduce((sum, { mask }) => sum + (mask?.pixels ?? 0), 0);
  const isMasked = tiles.some(({ mask }) => mask !== undefined);
  const wanted = tiles
    .map((tile, index) => ({ ...tile, tileIndex: strip ? index + 1 : (tile.page ?? 0) }))
    .filter((tile) => isWanted(tile, marked));
  const ingested: IngestedTile[] = [];
  for (const { tileIndex, crop, width, height, thumbnail, used = null, mask } of wanted) {
    ingested.push({
      tileIndex,
      width,
      height,
      used,
      thumbnail: await keep(thumbnail),
      ...(crop ? { crop } : {}),
      truth:
        mask && mask.pixels > 0
          ? { mask: await keep(mask.png), pixels: mask.pixels }
          : truthWithoutMask(planned, isMasked),
    });
  }
  // A normal image may have a black mask. Without other information, a black mask makes an image normal.
  const isBlackRight = planned.normal || planned.defectType === '';
  const problems = reported.filter(({ kind }) => kind !== 'mask-empty' || !isBlackRight);
  if (wanted.length < tiles.length) problems.push(dropped(path, tiles));
  if (planned.normal && marked > 0) problems.push(maskOfGood(planned, marked));
  return {
    file: { sha256, ...before },
    maskFiles,
    parts: ingested,
    problems,
    ...(resolution && { pixelSize: resolution }),
    ...(frames && { frames }),
  };
}

/** Ground truth of an image without anomalous pixels. A black mask does not make an image normal if its folder says it is defective. */
function truthWithoutMask({ normal, defectType }: PlannedImage, isMasked: boolean): 'normal' | 'unknown' {
  return normal || (isMasked && defectType === '') ? 'normal' : 'unknown';
}

function maskOfGood({ path, masks }: PlannedImage, pixels: number): Problem {
  const message = `${path} is the mask of an image in a folder of normal images, but it marks ${pixels} pixels. The mask becomes the ground truth.`;
  return { kind: 'mask-doubtful', path: masks[0] ?? path, message };
}

/** SHA-256 sums of mask files. An unreadable mask has an empty sum; the decoder reports it. */
export async function maskFileStates(masks: readonly string[], root: string): Promise<MaskFileState[]> {
  return Promise.all(
    masks.map(async (mask) => ({
      path: relative(root, mask).replaceAll('\\', '/'),
      sha256: await sha256Of(mask).catch(() => ''),
    })),
  );
}

/**
 * As in the paper, tiles outside the fabric are dropped, as are tiles without an anomaly from defective
 * strips.
 */
function isWanted(
  { insideFabric, crop, mask }: { insideFabric: boolean; crop?: Crop; mask?: { pixels: number } },
  marked: number,
): boolean {
  return insideFabric && (crop === undefined || marked === 0 || mask?.pixels !== 0);
}

function dropped(path: string, parts: { insideFabric: boolean; mask?: { pixels: number } }[]): Problem {
  const outside = parts.filter(({ insideFabric }) => !insideFabric);
  const normal = parts.filter(({ insideFabric, mask }) => insideFabric && mask?.pixels === 0).length;
  const lost = outside.filter(({ mask }) => mask !== undefined && mask.pixels > 0).length;
  const reasons = [
    ...(outside.length > 0 ? [`${outside.length} are not wholly fabric`] : []),
    ...(lost > 0 ? [`${lost} of these ${lost === 1 ? 'has' : 'have'} an anomaly`] : []),
    ...(normal > 0 ? [`${normal} have no anomaly`] : []),
  ];
  const message = `${path} is cut into ${parts.length} squares, of which some are skipped: ${reasons.join(', ')}.`;
  return { kind: 'dropped', path, message };
}

/** Converts a read error of one image to a problem; rethrows any other error. */
export function unreadableProblem(path: string, thrown: unknown): Problem {
  const unreadableCodes = new Set([
    'NOT_FOUND',
    'NOT_READABLE',
    'NOT_AN_IMAGE',
    'IMAGE_TOO_LARGE',
    'ENGINE_CRASHED',
  ]);
  if (!(thrown instanceof PerchError) || !unreadableCodes.has(thrown.code)) throw thrown;
  return { kind: 'unreadable', path, message: thrown.message };
}
