import type { AnnotationFormatName, TransferEvent } from '../../common/api/annotation.ts';
import type { Problem } from '../../common/api/datasets.ts';
import { reportOf } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { resolveUserPath } from '../../files/user-path.ts';
import type { NewRevision } from '../../store/revisions.ts';
import type { Store } from '../../store/store.ts';
import { imageLabelOf } from '../datasets/image-label.ts';
import { mergeNotes } from '../datasets/merge-notes.ts';
import { relativeProblems } from '../datasets/relative-problems.ts';
import type { IncomingMask } from './found-masks.ts';
import { findShapes } from './find-shapes.ts';
import { findMasks } from './find-masks.ts';

interface Request {
  dataset: number;
  folder: string;
  format: AnnotationFormatName;
  /** Whether an empty mask makes its image normal. */
  emptyIsNormal: boolean;
  author: string;
}

/**
 * Reads ground truth from a folder and adds it as new revisions; unchanged ground truth is skipped. If canceled,
 * nothing is written. An empty mask does not change an image that is defective by ground truth or by its folder.
 *
 * @throws PerchError `NOT_FOUND` if there is no such dataset or folder, or if the folder has no file of the
 * format; `INVALID_MASK` if a file does not have the format
 */
export async function* importMasks(
  { store, engine }: { store: Store; engine: EngineClient },
  { dataset, folder: wish, format, emptyIsNormal, author }: Request,
  signal: AbortSignal,
): AsyncGenerator<TransferEvent, void, void> {
  store.datasets.get(dataset);
  const images = store.images.listByDataset(dataset);
  const folder = resolveUserPath(wish);
  const { masks, problems } =
    format === 'mvtec'
      ? await findMasks(folder, images, { engine, framesOf: (image) => store.rolls.frames(image) })
      : await findShapes(folder, format, images, engine);
  const revisions: NewRevision[] = [];
  let unchanged = 0;
  for (const [done, mask] of masks.entries()) {
    yield { type: 'progress', done, total: masks.length };
    const { image } = mask;
    const read = await readMask(mask, store, signal);
    problems.push(...read.problems);
    if (!read.truth) continue;
    const { truth } = read;
    if (truth.groundTruth === 'normal' && !mask.mayBeNormal) {
      problems.push(noneOfItsShapes(mask));
      continue;
    }
    if (truth.groundTruth === 'normal' && !emptyIsNormal && imageLabelOf(image) === 'defective') {
      problems.push(nothingMarked(mask));
      continue;
    }
    if (truth.mask !== image.mask || truth.groundTruth !== image.groundTruth)
      revisions.push({ ...truth, image: image.id, author, source: 'imported' });
    else unchanged++;
  }
  signal.throwIfAborted();
  store.transaction(() => revisions.forEach((revision) => store.revisions.add(revision)));
  if (revisions.length > 0) store.changes.emit('datasets');
  yield {
    type: 'done',
    written: revisions.length,
    unchanged,
    problems: relativeProblems(mergeNotes(problems), folder),
  };
}

function nothingMarked({ path, image }: IncomingMask): Problem {
  return {
    kind: 'mask-empty',
    path,
    message: `${path} marks no pixels, but ${image.textureClass}/${image.name} is in a folder of defective images. Its ground truth is unchanged.`,
  };
}

function noneOfItsShapes({ path, image }: IncomingMask): Problem {
  return {
    kind: 'mask-empty',
    path,
    message: `${path} annotates ${image.textureClass}/${image.name}, but none of its shapes contains a pixel. The image's ground truth is unchanged.`,
  };
}

/** Reads one mask and stores it as a blob. Returns problems if it cannot be used. */
async function readMask(
  mask: IncomingMask,
  store: Store,
  signal: AbortSignal,
): Promise<{ truth?: Pick<NewRevision, 'groundTruth' | 'mask' | 'pixels'>; problems: Problem[] }> {
  const { path } = mask;
  try {
    const { png, pixels, problems: doubts } = await mask.read(signal);
    // Whether a mask may be empty depends on its image.
    const problems = doubts.filter(({ kind }) => kind !== 'mask-empty');
    if (pixels === 0) return { truth: { groundTruth: 'normal', mask: null, pixels }, problems };
    return { truth: { groundTruth: 'masked', mask: await store.blobs.put(png), pixels }, problems };
  } catch (thrown) {
    const { code, message } = reportOf(thrown);
    const reported = message.includes(path) ? message : `${path}, ${mask.image.name}: ${message}`;
    const of = (kind: Problem['kind']) => ({ problems: [{ kind, path, message: reported }] });
    if (code === 'INVALID_MASK') return of('mask-size');
    if (['NOT_AN_IMAGE', 'NOT_READABLE', 'IMAGE_TOO_LARGE'].includes(code)) return of('mask-unreadable');
    throw thrown;
  }
}
