import { type ErrorReport, reportOf } from '../../common/api/errors.ts';
import type { RecipeDefinition } from '../../common/api/recipes.ts';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { AnyMethod, Inspection, ProviderChoice } from '../../common/api/schemas.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Progress } from '../../engine/protocol/messages.ts';
import { writeFileAtomic } from '../../files/write.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import type { MaskRegion } from '../../common/maps/mask-polygons.ts';
import { findImages } from '../library/find-images.ts';
import type { SkippedFiles } from '../library/folder-listing.ts';
import { classBitDepths } from '../datasets/class-bit-depths.ts';
import { examineImages } from './measure-bit-depths.ts';
import { outputNames } from './output-names.ts';
import { resultEndings } from './previous-results.ts';
import { deviceLabel } from './device-label.ts';
import { decideMapFile, type MapDecision } from '../recipes/decide-map-file.ts';
import { summarizeMap } from './summarize-map.ts';
import { writePictures } from './write-pictures.ts';

export interface FolderRequest {
  /** Image files and folders. */
  paths: readonly string[];
  method: AnyMethod;
  /** Normal images, for a method with a memory bank. */
  normal?: string[] | undefined;
  /** Output folder. */
  out: string;
  /** Score at which the overlay draws its outline; suggested from each class's scores if absent. */
  threshold?: number | undefined;
  /** The inspected part of every image, in image pixels; the whole image if absent. */
  region?: InspectionRegion | null | undefined;
  /** Decides the images. Its method and region are those of the request. */
  recipe?: RecipeDefinition | undefined;
  maxPixels: number;
  provider: ProviderChoice;
  /** Bit depth of 16-bit files; detected per texture class if absent. */
  bitDepth?: number | undefined;
}

/** Paths of one image's files. */
export interface OutputFiles {
  /** Anomaly map, NPY float32 at feature resolution. */
  map: string;
  /**
   * PNG at image size; written after all images of the class are inspected, because they share one display
   * range.
   */
  heatmap: string;
  overlay: string;
  /** The pixels at or above the threshold, as 255 on 0. */
  mask: string;
}

export type FolderEvent =
  | { type: 'found'; total: number; skipped: SkippedFiles[] }
  /** Its map is written, but the threshold of its class is not known yet. */
  | ({ type: 'inspected' } & Inspected)
  /** Its heatmap, overlay and mask are written as well. */
  | ({ type: 'finished'; threshold: number; regions: (MaskRegion & { counts: boolean })[] } & Inspected)
  | { type: 'failed'; path: string; error: ErrorReport };

/** An inspected image. */
export interface Inspected {
  /** Path of its file, or `FILE#N` for a page of a file. */
  path: string;
  inspection: Omit<Inspection, 'map'>;
  /** What was skipped, guessed or changed when the image was read. */
  notes: ReadingNote[];
  files: OutputFiles;
  /** The recipe's decision; absent without a recipe. */
  decided?: MapDecision;
}

/**
 * Inspects files and folders and writes each image's anomaly map, heatmap, overlay and predicted mask.
 * Failures are reported, and processing continues. Maps are read back for rendering, so memory does not grow
 * with the number of images.
 *
 * @throws PerchError `CANCELED` if `signal` aborts; files written before that are kept
 */
export async function* inspectToFolder(
  request: FolderRequest,
  engine: EngineClient,
  signal: AbortSignal,
  onProgress: (path: string, progress: Progress) => void,
): AsyncGenerator<FolderEvent> {
  const { images: found, unreadable, skipped } = await findImages(request.paths);
  const images = await examineImages(found, engine, { maxPixels: request.maxPixels, signal });
  const normal = await examineImages(pathsOf(request.normal), engine, {
    maxPixels: request.maxPixels,
    signal,
  });
  yield { type: 'found', total: images.length, skipped };
  for (const { path, error } of unreadable) yield { type: 'failed', path, error: reportOf(error) };

  const outputs = outputNames(images, request.out);
  const byClass = Map.groupBy(
    images.map((image, at) => ({ image, output: outputs[at] })),
    ({ image }) => image.classFolder,
  );
  for (const members of byClass.values()) {
    // The normal images that a class is compared with are read like the class's own images.
    const depths = classBitDepths([
      ...members.map(({ image }) => image.used),
      ...normal.map(({ used }) => used),
    ]);
    const depthAt = (at: number) => depthOption(request.bitDepth ?? depths[at]);
    const compared = normal.map(({ path }, at) => ({ path, ...depthAt(members.length + at) }));
    const inspected: (Inspected & { source: ImageSource })[] = [];
    for (const [at, { image, output }] of members.entries()) {
      try {
        const source = { path: image.path, ...depthAt(at) };
        const done = await inspectOne({ source, compared, output }, request, engine, signal, onProgress);
        inspected.push({ ...done, source });
        yield { type: 'inspected', ...done };
      } catch (thrown) {
        signal.throwIfAborted();
        yield { type: 'failed', path: image.path, error: reportOf(thrown) };
      }
    }
    yield* writePictures(inspected, request, engine, signal);
  }
}

/** An image in an engine request. */
export interface ImageSource {
  path: string;
  bitDepth?: number;
}

function depthOption(bitDepth: number | undefined): { bitDepth?: number } {
  return bitDepth === undefined ? {} : { bitDepth };
}

function pathsOf(files: readonly string[] = []): { path: string }[] {
  return files.map((path) => ({ path }));
}

/** @param compared the normal images for a method with a memory bank */
async function inspectOne(
  { source, compared, output }: { source: ImageSource; compared: ImageSource[]; output: string },
  { method, region, recipe, maxPixels, provider: wished }: FolderRequest,
  engine: EngineClient,
  signal: AbortSignal,
  onProgress: (path: string, progress: Progress) => void,
): Promise<Inspected> {
  const { path } = source;
  const options = { signal, onProgress: (progress: Progress) => onProgress(path, progress) };
  const request = {
    ...source,
    method,
    ...(compared.length > 0 && { normal: compared }),
    ...(region && { region }),
    maxPixels,
    provider: wished,
  };
  const { placed, notes, seconds, provider, chosen } = await engine.request('inspect', request, options);
  const files = {
    map: output + resultEndings.map,
    heatmap: output + resultEndings.heatmap,
    overlay: output + resultEndings.overlay,
    mask: output + resultEndings.mask,
  };
  const { values, height, width } = placed.map;
  await writeFileAtomic(files.map, writeNpy({ shape: [height, width], values }));
  const { map: _, region: __, ...placement } = placed;
  const decided = recipe && (await decideMapFile(engine, { path: files.map, placement }, recipe, signal));
  return {
    path,
    notes,
    inspection: {
      ...summarizeMap(placed, seconds, deviceLabel(provider, engine.info?.device ?? '')),
      ...(chosen && { chosen }),
    },
    files,
    ...(decided && { decided }),
  };
}
