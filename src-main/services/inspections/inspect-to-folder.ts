import { reportOf } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Progress } from '../../engine/protocol/messages.ts';
import { classBitDepths } from '../datasets/class-bit-depths.ts';
import { findImages } from '../library/find-images.ts';
import type { FolderEvent, FolderRequest, ImageSource, Inspected } from './folder-request.ts';
import { examineImages } from './measure-bit-depths.ts';
import { outputNames } from './output-names.ts';
import { inspectSet } from './inspect-set.ts';
import { type Job, type JobOutcome, writeMap } from './write-map.ts';
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
    const jobs = members.map(({ image, output }, at) => ({
      source: { path: image.path, ...depthAt(at) },
      output,
    }));
    const outcomes =
      'set' in request.method
        ? inspectSet(jobs, { ...request, method: request.method }, engine, signal, onProgress)
        : inspectEach(jobs, compared, request, engine, signal, onProgress);
    const inspected: (Inspected & { source: ImageSource })[] = [];
    for await (const outcome of outcomes) {
      if ('error' in outcome) {
        yield { type: 'failed', path: outcome.source.path, error: reportOf(outcome.error) };
        continue;
      }
      inspected.push({ ...outcome.done, source: outcome.source });
      yield { type: 'inspected', ...outcome.done };
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

/** @param compared the normal images that the method compares with */
async function* inspectEach(
  jobs: readonly Job[],
  compared: ImageSource[],
  folder: FolderRequest,
  engine: EngineClient,
  signal: AbortSignal,
  onProgress: (path: string, progress: Progress) => void,
): AsyncGenerator<JobOutcome> {
  const { method, region, maxPixels, provider } = folder;
  for (const job of jobs) {
    const { source } = job;
    const request = {
      ...source,
      method,
      ...(compared.length > 0 && { normal: compared }),
      ...(region && { region }),
      maxPixels,
      provider,
      keepPixels: true,
    };
    try {
      const answer = await engine.request('inspect', request, {
        signal,
        onProgress: (progress) => onProgress(source.path, progress),
      });
      yield { source, done: await writeMap(answer, job, folder, engine, signal) };
    } catch (error) {
      signal.throwIfAborted();
      yield { source, error };
    }
  }
}
