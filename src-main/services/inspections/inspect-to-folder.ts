import { reportOf } from '../../common/api/errors.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Progress } from '../../engine/protocol/messages.ts';
import { writeFileAtomic } from '../../files/write.ts';
import { classBitDepths } from '../datasets/class-bit-depths.ts';
import { findImages } from '../library/find-images.ts';
import { decideMapFile } from '../recipes/decide-map-file.ts';
import { deviceLabel } from './device-label.ts';
import type { FolderEvent, FolderRequest, ImageSource, Inspected } from './folder-request.ts';
import { examineImages } from './measure-bit-depths.ts';
import { outputNames } from './output-names.ts';
import { resultEndings } from './previous-results.ts';
import { summarizeMap } from './summarize-map.ts';
import { writePictures } from './write-pictures.ts';

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
  const { placed, notes, seconds, provider, chosen, imageScore } = await engine.request(
    'inspect',
    request,
    options,
  );
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
      ...(imageScore !== undefined && { imageScore }),
    },
    files,
    ...(decided && { decided }),
  };
}
