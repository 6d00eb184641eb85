import { stat } from 'node:fs/promises';
import type { Crop, Problem } from '../../api/datasets.ts';
import { PerchError } from '../../api/errors.ts';
import type { EngineClient } from '../../engine/client.ts';
import { unreadable } from '../../files/read.ts';
import type { Blobs, WrittenBlob } from '../../store/blobs.ts';
import type { FileState } from '../../store/images.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/limits.ts';
import type { PlannedImage } from './layouts/layout.ts';

/** An image as the store will keep it: a file, a page of one, or a square of a strip. */
export interface ImagePart {
  /** Number of the square or page, from 1; 0 for the whole file. */
  part: number;
  crop?: Crop;
  width: number;
  height: number;
  /** Blob of its thumbnail. */
  thumbnail: string;
  /** What is known of it: normal, masked (the blob of its mask), or nothing. */
  truth: 'normal' | 'unknown' | { mask: string; pixels: number };
}

export interface SurveyedImage {
  file: FileState;
  parts: ImagePart[];
  problems: Problem[];
}

/** Reads an image and its masks on the engine, and writes thumbnails and masks, each of which is told to `written`. */
export async function surveyImage(
  planned: PlannedImage,
  { engine, blobs, written }: { engine: EngineClient; blobs: Blobs; written: (blob: WrittenBlob) => void },
  signal: AbortSignal,
): Promise<SurveyedImage> {
  const { path, masks, strip } = planned;
  // Taken before the file is read: a change meanwhile is noticed by the next import.
  const before = await fileTimes(path);
  const request = { path, masks, strip, normal: planned.normal, maxPixels: DEFAULT_MAX_PIXELS };
  const { sha256, parts, problems } = await engine.run('survey', request, { signal });
  const keep = async (bytes: Uint8Array) => {
    const blob = await blobs.write(bytes);
    written(blob);
    return blob.sha256;
  };
  const wanted = parts
    .map((part, index) => ({ ...part, part: strip ? index + 1 : (part.page ?? 0) }))
    .filter(isWanted);
  const surveyed: ImagePart[] = [];
  for (const { part, crop, width, height, thumbnail, mask } of wanted) {
    const known = planned.normal ? ('normal' as const) : ('unknown' as const);
    surveyed.push({
      ...{ part, width, height, thumbnail: await keep(thumbnail) },
      ...(crop ? { crop } : {}),
      truth: mask ? { mask: await keep(mask.png), pixels: mask.pixels } : known,
    });
  }
  if (wanted.length < parts.length) problems.push(dropped(path, parts));
  return { file: { sha256, ...before }, parts: surveyed, problems };
}

/** @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
export async function fileTimes(path: string): Promise<{ bytes: number; mtimeMs: number }> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { bytes: size, mtimeMs };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** The paper leaves out squares that are not wholly fabric, and those of defective strips without an anomaly. */
function isWanted({ covered, mask }: { covered: boolean; mask?: { pixels: number } }): boolean {
  return covered && mask?.pixels !== 0;
}

function dropped(path: string, parts: { covered: boolean; mask?: { pixels: number } }[]): Problem {
  const uncovered = parts.filter(({ covered }) => !covered);
  const normal = parts.filter(({ covered, mask }) => covered && mask?.pixels === 0).length;
  const lost = uncovered.filter(({ mask }) => mask !== undefined && mask.pixels > 0).length;
  const reasons = [
    ...(uncovered.length > 0 ? [`${uncovered.length} are not wholly fabric`] : []),
    ...(lost > 0 ? [`${lost} of these ${lost === 1 ? 'has' : 'have'} an anomaly`] : []),
    ...(normal > 0 ? [`${normal} show no anomaly`] : []),
  ];
  const message = `${path} is cut into ${parts.length} squares, of which some are left out: ${reasons.join(', ')}.`;
  return { kind: 'dropped', path, message };
}

/** A failure to read one image, as a problem of the dataset; any other failure is thrown on. */
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
