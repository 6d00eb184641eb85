import type { BitDepthChoice, Problem } from '../../common/api/datasets.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { WrittenBlob } from '../../store/blobs.ts';
import type { StoredDataset } from '../../store/datasets.ts';
import type { FileState, NewImage, StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import type { ImageOutcome } from './image-outcome.ts';
import type { ImportPlan } from './plan-import.ts';
import { assignBitDepths } from './assign-bit-depths.ts';
import { adoptFileScales } from '../scales/file-scales.ts';
import { stateRoll } from '../rolls/state-roll.ts';
import type { IngestedTile, IngestedImage } from './ingest-image.ts';

/** The result of reading the files of a plan, ready to be written. */
export interface ImportResult extends ImportPlan {
  /**
   * The chosen name. By default, an existing dataset keeps its name and a new one is named after its folder.
   */
  name: string | undefined;
  /** New bit depth of 16-bit images; absent to keep it. */
  bitDepth?: BitDepthChoice | undefined;
  /** In the order of the plan. */
  outcomes: ImageOutcome[];
  /** The stored images when the import started; empty for a new dataset. */
  rows: StoredImage[];
  /** Stored images whose file no longer exists. */
  gone: StoredImage[];
  /** Thumbnails and masks, on disk. */
  blobs: WrittenBlob[];
}

/**
 * Writes an import in one transaction: a new dataset, or the changes of an existing one.
 *
 * @returns the id of the dataset, and problems
 */
export function writeImport(result: ImportResult, store: Store): { dataset: number; problems: Problem[] } {
  const { root, layout, outcomes } = result;
  return store.transaction(() => {
    const existing = store.datasets.getByRoot(root);
    assertNotOvertaken(existing, result, store);
    store.blobs.enter(result.blobs);
    // Computed here, because another import may have taken a name since this one started.
    const name = result.name ?? existing?.name ?? store.datasets.uniqueName(result.wish);
    const dataset =
      existing?.id ??
      store.datasets.add({
        name,
        layout: layout.name,
        root,
        ignoreBorder: layout.ignoreBorder(shorterSide(outcomes)),
      });
    if (existing) store.datasets.rename(dataset, name);
    if (result.bitDepth !== undefined)
      store.datasets.setBitDepth(dataset, result.bitDepth === 'auto' ? null : result.bitDepth);
    const moved = new MovedImages(result.gone);
    const problems = [...result.problems];
    const paths = new Map<string, string>();
    let sortIndex = result.isAddition ? nextSortIndex(result) : 0;
    for (const { planned, known, ingested, touched, unreadable } of outcomes) {
      if (unreadable) {
        problems.push(unreadable);
        for (const row of known) store.images.setState(row.id, 'changed');
      }
      if (!ingested) {
        for (const row of known) {
          const file = touched ?? row.file;
          if ((row.sortIndex !== sortIndex || touched) && !unreadable)
            store.images.update(row.id, { ...row, file, sortIndex });
          sortIndex++;
          problems.push(...duplicate(paths, row.file, row.path));
          if (planned.roll && !unreadable) stateRoll(store, row.id, planned.roll.stated);
        }
        continue;
      }
      assertOneImage(planned, ingested);
      problems.push(...ingested.problems, ...duplicate(paths, ingested.file, planned.path));
      const seen = new Set<number>();
      for (const part of ingested.parts) {
        const row =
          known.find((image) => image.tileIndex === part.tileIndex) ??
          moved.take(ingested.file, part.tileIndex);
        const image: NewImage = { ...imageOf(planned, ingested, part), sortIndex: sortIndex++ };
        if (row) store.images.update(row.id, image);
        if (row) seen.add(row.id);
        const id = row?.id ?? store.images.add(dataset, image);
        problems.push(...writeGroundTruth(store, id, row, part));
        if (planned.roll) stateRoll(store, id, planned.roll.stated, ingested.frames);
      }
      // Tiles that a changed strip no longer has.
      for (const row of known) if (!seen.has(row.id)) store.images.setState(row.id, 'changed');
    }
    for (const { id, path } of moved.left()) {
      store.images.setState(id, 'missing');
      problems.push({ kind: 'missing', path, message: `${path} no longer exists.` });
    }
    problems.push(...assignBitDepths(store, dataset), ...adoptFileScales(store, dataset, result.rows));
    const counts = { files: outcomes.length, missing: result.gone.length, problems: problems.length };
    store.audit.add({ type: 'dataset', id: String(dataset), name }, 'imported', {
      after: counts,
    });
    return { dataset, problems };
  });
}

/** The index of the first image of an addition: its own, or the one after those of all other images. */
function nextSortIndex({ outcomes, rows }: ImportResult): number {
  return outcomes[0]?.known[0]?.sortIndex ?? rows.reduce((next, row) => Math.max(next, row.sortIndex + 1), 0);
}

/** Refuses a file of several images as a roll. */
function assertOneImage({ roll, path }: ImageOutcome['planned'], { parts }: IngestedImage): void {
  if (!roll || parts.length === 1) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `${path} has ${parts.length} pages. A roll is one image, or a folder of frames. Save the pages as files in a folder of their own.`,
  );
}

/** Refuses the import if another one of the same folder finished first. */
function assertNotOvertaken(
  existing: StoredDataset | undefined,
  { root, rows }: ImportResult,
  store: Store,
): void {
  const now = existing ? store.images.listByDataset(existing.id) : [];
  if (now.length === rows.length && now.every(({ id }, at) => id === rows[at].id)) return;
  const conflict = existing
    ? `Another import of ${root} finished first; it is the dataset "${existing.name}".`
    : `The dataset of ${root} was removed during the import.`;
  throw new PerchError(
    'CONFLICT',
    `${conflict} Nothing of this import was stored. Import the folder again if it has changed since.`,
  );
}

/** The median of the images' shorter sides. */
function shorterSide(outcomes: readonly ImageOutcome[]): number {
  const sides = outcomes.flatMap(({ ingested }) =>
    (ingested?.parts ?? []).map(({ width, height }) => Math.min(width, height)),
  );
  return sides.sort((a, b) => a - b)[sides.length >> 1];
}

function imageOf(
  planned: ImageOutcome['planned'],
  { file, maskFiles, pixelSize }: IngestedImage,
  part: IngestedTile,
): Omit<NewImage, 'sortIndex'> {
  const { path, textureClass, defectType, split } = planned;
  const { width, height, used, thumbnail, crop } = part;
  return {
    path,
    textureClass,
    defectType,
    split,
    tileIndex: part.tileIndex,
    width,
    height,
    used,
    file,
    maskFiles,
    thumbnail,
    name: part.tileIndex === 0 ? planned.name : `${planned.name} #${part.tileIndex}`,
    ...(crop ? { crop } : {}),
    ...(pixelSize ? { pixelSize } : {}),
  };
}

/** Adds a revision if the imported ground truth is new. Ground truth by a person takes precedence. Reports a mask that no longer applies. */
function writeGroundTruth(
  store: Store,
  image: number,
  before: StoredImage | undefined,
  part: IngestedTile,
): Problem[] {
  const { truth } = part;
  const latest = store.revisions.latest(image);
  const resized = before !== undefined && (before.width !== part.width || before.height !== part.height);
  // A mask of a different size does not apply to the image.
  const isCurrent = latest !== undefined && !(resized && latest.groundTruth === 'masked');
  if (isCurrent && (latest.author !== '' || truth === 'unknown')) return [];
  const imported = { image, author: '', source: 'imported' } as const;
  if (typeof truth === 'object') {
    if (isCurrent && latest.mask === truth.mask) return [];
    store.revisions.add({ ...imported, groundTruth: 'masked', ...truth });
  } else if (latest ? truth !== latest.groundTruth : truth === 'normal') {
    store.revisions.add({ ...imported, groundTruth: truth, mask: null, pixels: 0 });
  }
  return latest && !isCurrent && before ? [maskOfOtherSize(before, part)] : [];
}

function maskOfOtherSize({ path, width, height }: StoredImage, now: IngestedTile): Problem {
  const message =
    `${path} now has ${now.width} x ${now.height} pixels, not ${width} x ${height}. ` +
    'Its mask does not apply anymore and remains as an earlier revision.';
  return { kind: 'note', path, message };
}

/**
 * Images whose file is missing, by content. A file with the same bytes at another path is the same image,
 * moved.
 */
class MovedImages {
  readonly #rows: Set<StoredImage>;

  constructor(gone: readonly StoredImage[]) {
    this.#rows = new Set(gone);
  }

  take(file: FileState, part: number): StoredImage | undefined {
    const found = [...this.#rows].find((row) => row.file.sha256 === file.sha256 && row.tileIndex === part);
    if (found) this.#rows.delete(found);
    return found;
  }

  left(): Iterable<StoredImage> {
    return this.#rows;
  }
}

/** The problem reported for a duplicate file. */
function duplicate(paths: Map<string, string>, { sha256 }: FileState, path: string): Problem[] {
  const first = paths.get(sha256) ?? path;
  paths.set(sha256, first);
  if (first === path) return [];
  return [{ kind: 'duplicate', path, message: `${path} has the same content as ${first}.` }];
}
