import { access } from 'node:fs/promises';
import os from 'node:os';
import { relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BitDepthChoice, ImportEvent, Problem } from '../../common/api/datasets.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { WrittenBlob } from '../../store/blobs.ts';
import type { FileState, StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { mapConcurrent } from '../map-concurrent.ts';
import { contentSha256, fileTimes } from './file-content.ts';
import { describeDataset } from './describe-dataset.ts';
import type { ImageOutcome } from './image-outcome.ts';
import { mergeNotes } from './merge-notes.ts';
import { relativeProblems } from './relative-problems.ts';
import type { PlannedImage } from './layouts/layout.ts';
import type { ImportPlan } from './plan-import.ts';
import { maskFileStates, ingestImageFile, unreadableProblem } from './ingest-image.ts';
import { writeImport } from './write-import.ts';

/** Interval of progress events. */
const PROGRESS_EVERY_MS = 100;

/**
 * Imports a plan: reads new and changed images in parallel, then writes everything in one transaction. The dataset
 * does not change before that, so an interrupted import leaves nothing.
 *
 * @param wishes the name (default: that of the folder) and the bit depth of 16-bit images (default: detected)
 * @throws PerchError `UNKNOWN_LAYOUT` if the user has to choose a layout, `CONFLICT` if another dataset has
 * the name or another import of the folder finished first, `NO_IMAGES` if no image can be read, `CANCELED`,
 * and errors from writing
 */
export async function* importDataset(
  plan: ImportPlan,
  { name, bitDepth }: { name?: string | undefined; bitDepth?: BitDepthChoice | undefined },
  { store, engine }: { store: Store; engine: EngineClient },
  signal: AbortSignal,
): AsyncGenerator<ImportEvent, void, void> {
  if (plan.blockedReason !== undefined) throw new PerchError('UNKNOWN_LAYOUT', plan.blockedReason);
  const existing = store.datasets.getByRoot(plan.root);
  if (name !== undefined) store.datasets.assertNameFree(name, existing?.id);
  const rows = existing ? store.images.listByDataset(existing.id) : [];
  const knownByPath = Map.groupBy(rows, ({ path }) => path);

  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const blobs: WrittenBlob[] = [];
  let isWritten = false;
  const outcomes: ImageOutcome[] = [];
  let done = 0;
  let working = true;
  const total = plan.images.length;
  const work = mapConcurrent(plan.images, os.availableParallelism(), async (planned, index) => {
    either.throwIfAborted();
    const known = knownByPath.get(planned.path) ?? [];
    outcomes[index] = { planned, known };
    try {
      const as = await knownAs(planned, known, plan.root);
      if (as?.as === 'touched') outcomes[index].touched = as.file;
      if (!as) {
        const { root } = plan;
        const means = { root, engine, blobs: store.blobs, written: (blob: WrittenBlob) => blobs.push(blob) };
        const ingested = await ingestImageFile(planned, means, either);
        ingested.problems.push(...lostMasks(planned, known, root));
        outcomes[index].ingested = ingested;
      }
    } catch (thrown) {
      outcomes[index].unreadable = unreadableProblem(planned.path, thrown);
    }
    done++;
  }).finally(() => (working = false));

  try {
    while (working) {
      yield { type: 'progress', done, total };
      await Promise.race([work, delay(PROGRESS_EVERY_MS)]);
    }
    await work;
    const planned = new Set(plan.images.map(({ path }) => path));
    const missingRows = await missing(rows.filter(({ path }) => !planned.has(path)));
    assertNotEmpty(outcomes, rows.length);
    either.throwIfAborted();
    const { dataset, problems } = writeImport(
      { ...plan, name, bitDepth, outcomes, rows, gone: missingRows, blobs },
      store,
    );
    isWritten = true;
    yield { type: 'progress', done, total };
    yield {
      type: 'imported',
      dataset: describeDataset(store, dataset),
      problems: relativeProblems(mergeNotes(problems), plan.root),
    };
  } finally {
    ended.abort();
    await work.catch(() => {});
    if (!isWritten) store.blobs.discard(blobs.map(({ sha256 }) => sha256));
  }
}

/** A stored file: unchanged; touched, which means the same bytes with new times; or unknown. */
type Known = { as: 'is' } | { as: 'touched'; file: FileState } | undefined;

/**
 * Compares a file, its path and its masks with the store. The content decides; times only decide whether to
 * read the file.
 */
async function knownAs(
  { path, textureClass, defectType, split, masks, roll }: PlannedImage,
  known: readonly StoredImage[],
  root: string,
): Promise<Known> {
  if (known.length === 0) return undefined;
  const samePlace = known.every(
    (image) =>
      image.state === 'present' &&
      image.textureClass === textureClass &&
      image.defectType === defectType &&
      image.split === split,
  );
  if (!samePlace) return undefined;
  const direction = roll?.stated.direction;
  if (roll?.isFolder && known.some((image) => image.direction !== (direction ?? image.direction)))
    return undefined;
  const states = JSON.stringify(await maskFileStates(masks, root));
  if (known.some(({ maskFiles }) => maskFiles === null || JSON.stringify(maskFiles) !== states))
    return undefined;
  const now = await fileTimes(path);
  const { file } = known[0];
  if (file.bytes !== now.bytes) return undefined;
  if (file.mtimeMs === now.mtimeMs && file.ctimeMs === now.ctimeMs) return { as: 'is' };
  const { sha256 } = file;
  return (await contentSha256(path)) === sha256 ? { as: 'touched', file: { ...now, sha256 } } : undefined;
}

/** Problems for masks that no longer exist. Their ground truth is kept. */
function lostMasks({ masks }: PlannedImage, known: readonly StoredImage[], root: string): Problem[] {
  const now = new Set(masks.map((path) => relative(root, path).replaceAll('\\', '/')));
  const lost = (known[0]?.maskFiles ?? []).filter(({ path }) => !now.has(path));
  return lost.map(({ path }) => ({
    kind: 'missing',
    path,
    message: `${path} no longer exists. The ground truth that was imported from it is kept.`,
  }));
}

async function missing(rows: readonly StoredImage[]): Promise<StoredImage[]> {
  const existing = await Promise.all(
    rows.map(({ path }) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return rows.filter((_, index) => !existing[index]);
}

/** Refuses a new dataset without readable images. */
function assertNotEmpty(outcomes: readonly ImageOutcome[], rows: number): void {
  if (rows > 0 || outcomes.some(({ ingested }) => ingested && ingested.parts.length > 0)) return;
  const [first] = outcomes.flatMap(({ unreadable, ingested }) => unreadable ?? ingested?.problems ?? []);
  const others = outcomes.length > 1 ? ` None of the ${outcomes.length} images can be read.` : '';
  throw new PerchError('NO_IMAGES', `${first?.message ?? 'There are no images.'}${others}`);
}
