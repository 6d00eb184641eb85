import { access, stat } from 'node:fs/promises';
import os from 'node:os';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ImportEvent, Problem } from '../../api/datasets.ts';
import { PerchError } from '../../api/errors.ts';
import type { EngineClient } from '../../engine/client.ts';
import type { WrittenBlob } from '../../store/blobs.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { atOnce } from '../at-once.ts';
import { describeDataset } from './describe-dataset.ts';
import type { PlannedImage } from './layouts/layout.ts';
import type { ImportPlan } from './plan.ts';
import { fileTimes, type SurveyedImage, surveyImage, unreadableProblem } from './survey-image.ts';
import { writeImport } from './write-import.ts';

/** Between two events of progress, in milliseconds. */
const PROGRESS_EVERY_MS = 100;

/**
 * What became of a planned image: it is as the store knows it, it was read, or it could not be.
 * `known` are the rows of its file, none for a new one.
 */
export interface Outcome {
  planned: PlannedImage;
  known: StoredImage[];
  surveyed?: SurveyedImage;
  unreadable?: Problem;
}

/**
 * Carries out a plan: reads what is new or changed, several images at once, then writes everything in one transaction. Until
 * then the dataset is as it was, so that an end at any moment leaves nothing behind.
 *
 * @param name wished for; that of the root by default
 * @throws PerchError `CONFLICT` where another dataset has the name, `NO_IMAGES` where none can be read, `CANCELLED`, and those
 * of writing
 */
export async function* importDataset(
  plan: ImportPlan,
  name: string | undefined,
  { store, engine }: { store: Store; engine: EngineClient },
  signal: AbortSignal,
): AsyncGenerator<ImportEvent, void, void> {
  const existing = store.datasets.withRoot(plan.root);
  if (name !== undefined) store.datasets.refuseTaken(name, existing?.id);
  const rows = existing ? store.images.of(existing.id) : [];
  const knownByPath = Map.groupBy(rows, ({ path }) => path);

  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const blobs: WrittenBlob[] = [];
  let isWritten = false;
  const outcomes: Outcome[] = [];
  let done = 0;
  let working = true;
  const total = plan.images.length;
  const work = atOnce(plan.images, os.availableParallelism(), async (planned, index) => {
    either.throwIfAborted();
    const known = knownByPath.get(planned.path) ?? [];
    outcomes[index] = { planned, known };
    try {
      if (!(await isAsKnown(planned, known, store))) {
        const means = { engine, blobs: store.blobs, written: (blob: WrittenBlob) => blobs.push(blob) };
        outcomes[index].surveyed = await surveyImage(planned, means, either);
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
    const gone = await missing(rows.filter(({ path }) => !planned.has(path)));
    refuseEmpty(outcomes, rows.length);
    either.throwIfAborted();
    const wish = name ?? existing?.name ?? store.datasets.freeName(basename(plan.root) || plan.root);
    const { dataset, problems } = writeImport({ ...plan, name: wish, outcomes, gone, blobs }, store);
    isWritten = true;
    yield { type: 'progress', done, total };
    yield { type: 'imported', dataset: describeDataset(store, dataset), problems };
  } finally {
    ended.abort();
    await work.catch(() => {});
    if (!isWritten) store.blobs.discard(blobs.map(({ sha256 }) => sha256));
  }
}

/** Whether the store knows a file as it is: nothing of it, of its place or of its masks has changed since. */
async function isAsKnown(
  planned: PlannedImage,
  known: readonly StoredImage[],
  store: Store,
): Promise<boolean> {
  if (known.length === 0) return false;
  const { bytes, mtimeMs } = await fileTimes(planned.path);
  const same = known.every(
    ({ state, file, textureClass, kind, split }) =>
      state === 'present' &&
      file.bytes === bytes &&
      file.mtimeMs === mtimeMs &&
      textureClass === planned.textureClass &&
      kind === planned.kind &&
      split === planned.split,
  );
  if (!same || planned.masks.length === 0) return same;
  const masks = await Promise.all(planned.masks.map((path) => stat(path).catch(() => undefined)));
  const newest = Math.max(...masks.map((mask) => mask?.mtimeMs ?? 0));
  return known.every(({ id }) => {
    const latest = store.revisions.latest(id);
    // What a person has drawn is not replaced by what lies on disk.
    return latest !== undefined && (latest.author !== '' || Date.parse(latest.at) >= newest);
  });
}

async function missing(rows: readonly StoredImage[]): Promise<StoredImage[]> {
  const there = await Promise.all(
    rows.map(({ path }) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return rows.filter((_, index) => !there[index]);
}

/** A new dataset of which no image can be read is none. */
function refuseEmpty(outcomes: readonly Outcome[], rows: number): void {
  if (rows > 0 || outcomes.some(({ surveyed }) => surveyed && surveyed.parts.length > 0)) return;
  const [first] = outcomes.flatMap(({ unreadable, surveyed }) => unreadable ?? surveyed?.problems ?? []);
  const others = outcomes.length > 1 ? ` So it is with all ${outcomes.length} images.` : '';
  throw new PerchError('NO_IMAGES', `${first?.message ?? 'There are no images.'}${others}`);
}
