import { sep } from 'node:path';
import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { GroundTruth } from '../common/api/datasets.ts';
import type { RollDirection } from '../common/api/rolls.ts';
import type { Crop } from '../common/geometry.ts';
import type { PixelSize } from '../common/scale.ts';
import { type Connection, transaction } from './database.ts';

/** An imported image. */
export interface NewImage {
  /** Absolute path of the file. */
  path: string;
  /** Index of the tile in a strip, or of the page in a file, from 1; 0 for the whole file. */
  tileIndex: number;
  /** The tile's rectangle; absent for a whole file or page. */
  crop?: Crop;
  name: string;
  textureClass: string;
  defectType: string;
  split: 'train' | 'test';
  width: number;
  height: number;
  file: FileState;
  /** The mask files; null if unknown because an earlier version imported the image. */
  maskFiles: MaskFileState[] | null;
  /** The used range of a 16-bit file that does not define its white level; null for any other file. */
  used?: UsedRange | null;
  /** Size of a pixel by the file's resolution; absent if the file declares none. */
  pixelSize?: PixelSize;
  /** Blob of its thumbnail (WebP). */
  thumbnail: string | null;
  /** Position within the dataset. */
  sortIndex: number;
}

/** The used range of a 16-bit image. */
export interface UsedRange {
  /** The smallest of 10, 12, 14 and 16 bits that holds all values. */
  bits: number;
  mean: number;
}

/** The state of a file, to detect changes. */
export interface FileState {
  sha256: string;
  bytes: number;
  mtimeMs: number;
  /** Change time, which copying tools cannot set. */
  ctimeMs: number;
}

/** An imported mask file. */
export interface MaskFileState {
  /** Relative to the root of the dataset, with `/`. */
  path: string;
  sha256: string;
}

/** A stored image with its latest ground truth. */
export interface StoredImage extends NewImage {
  id: number;
  dataset: number;
  state: 'present' | 'missing' | 'changed';
  groundTruth: GroundTruth;
  /** Blob of its latest mask (PNG). */
  mask: string | null;
  /** Bit depth of a 16-bit file; absent if the file defines its white level. */
  bitDepth?: number;
  /** Direction in which the frames of a folder are stacked; absent if the image is a file. */
  direction?: RollDirection;
  /** Latest revision of the ground truth; 0 if there is none. */
  revision: number;
  /** Whether a person made the latest revision. */
  annotated: boolean;
}

interface ImageRow extends Omit<
  StoredImage,
  'crop' | 'file' | 'maskFiles' | 'used' | 'pixelSize' | 'bitDepth' | 'direction' | 'annotated'
> {
  direction: RollDirection | null;
  usedBits: number | null;
  usedMean: number;
  bitDepth: number | null;
  pixelWidthMm: number | null;
  pixelHeightMm: number;
  cropLeft: number | null;
  cropTop: number;
  cropWidth: number;
  cropHeight: number;
  sha256: string;
  bytes: number;
  mtimeMs: number;
  ctimeMs: number;
  maskFiles: string | null;
  annotated: 0 | 1;
}

const select = `SELECT i.id, dataset_id AS dataset, path, tile_index AS tileIndex, crop_left AS cropLeft, crop_top AS cropTop,
    crop_width AS cropWidth, crop_height AS cropHeight, name, texture_class AS textureClass, defect_type AS defectType, split, width, height,
    file_sha256 AS sha256, file_bytes AS bytes, file_mtime_ms AS mtimeMs,
    file_ctime_ms AS ctimeMs, mask_files AS maskFiles, used_bits AS usedBits,
    used_mean AS usedMean, bit_depth AS bitDepth, pixel_width_mm AS pixelWidthMm, pixel_height_mm AS pixelHeightMm, state, thumbnail, sort_index AS sortIndex,
    coalesce(r.ground_truth, 'unknown') AS groundTruth, r.mask, coalesce(r.revision, 0) AS revision,
    coalesce(r.author <> '', 0) AS annotated,
    (SELECT direction FROM rolls AS w WHERE w.image_id = i.id AND EXISTS (SELECT 1 FROM roll_frames AS f WHERE f.image_id = i.id)) AS direction
  FROM images AS i LEFT JOIN revisions AS r ON r.image_id = i.id
    AND r.revision = (SELECT max(revision) FROM revisions WHERE image_id = i.id)`;

/** The images of datasets: files, pages of files and tiles of strips. */
export class ImageTable {
  readonly #database: Connection;
  readonly #byId: Statement<[number], ImageRow>;
  readonly #ofDataset: Statement<[number], ImageRow>;
  readonly #after: Statement<[number, number], ImageRow>;
  readonly #idsUpTo: Statement<[number, number], number>;
  readonly #ofClass: Statement<[number, string], ImageRow>;
  readonly #ofPath: Statement<[string], ImageRow>;
  readonly #normal: Statement<[number, string], ImageRow>;
  readonly #insert: Statement<[object]>;
  readonly #update: Statement<[object]>;
  readonly #lastSortIndex: Statement<[number, string], number>;
  readonly #largestBitDepth: Statement<[number, string], number | null>;
  readonly #setState: Statement<[string, number]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#byId = database.prepare(`${select} WHERE i.id = ?`);
    this.#ofDataset = database.prepare(`${select} WHERE dataset_id = ? ORDER BY sort_index`);
    this.#after = database.prepare(`${select} WHERE dataset_id = ? AND i.id > ? ORDER BY sort_index`);
    this.#idsUpTo = database
      .prepare<[number, number], number>('SELECT id FROM images WHERE dataset_id = ? AND id <= ?')
      .pluck();
    this.#ofClass = database.prepare(
      `${select} WHERE dataset_id = ? AND texture_class = ? ORDER BY sort_index`,
    );
    this.#ofPath = database.prepare(`${select} WHERE path = ? ORDER BY i.id`);
    this.#normal = database.prepare(
      `${select} WHERE dataset_id = ? AND texture_class = ? AND split = 'train' AND r.ground_truth = 'normal' ORDER BY sort_index`,
    );
    this.#lastSortIndex = database
      .prepare<[number, string], number>(
        'SELECT coalesce(max(sort_index), -1) + 1 FROM images WHERE dataset_id = ? AND texture_class = ?',
      )
      .pluck();
    this.#largestBitDepth = database
      .prepare<[number, string], number | null>(
        'SELECT max(bit_depth) FROM images WHERE dataset_id = ? AND texture_class = ?',
      )
      .pluck();
    this.#insert = database.prepare(
      `INSERT INTO images (dataset_id, path, tile_index, crop_left, crop_top, crop_width, crop_height, name, texture_class, defect_type,
         split, width, height, file_sha256, file_bytes, file_mtime_ms, file_ctime_ms, mask_files,
         used_bits, used_mean, pixel_width_mm, pixel_height_mm, thumbnail, sort_index)
       VALUES (@dataset, @path, @tileIndex, @cropLeft, @cropTop, @cropWidth, @cropHeight, @name, @textureClass, @defectType,
         @split, @width, @height, @sha256, @bytes, @mtimeMs, @ctimeMs, @maskFiles,
         @usedBits, @usedMean, @pixelWidthMm, @pixelHeightMm, @thumbnail, @sortIndex)`,
    );
    this.#update = database.prepare(
      `UPDATE images SET path = @path, crop_left = @cropLeft, crop_top = @cropTop, crop_width = @cropWidth, crop_height = @cropHeight,
         name = @name, texture_class = @textureClass, defect_type = @defectType, split = @split, width = @width, height = @height,
         file_sha256 = @sha256, file_bytes = @bytes, file_mtime_ms = @mtimeMs,
         file_ctime_ms = @ctimeMs, mask_files = @maskFiles, used_bits = @usedBits, used_mean = @usedMean,
         pixel_width_mm = @pixelWidthMm, pixel_height_mm = @pixelHeightMm, thumbnail = @thumbnail,
         sort_index = @sortIndex, state = 'present' WHERE id = @id`,
    );
    this.#setState = database.prepare('UPDATE images SET state = ? WHERE id = ?');
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): StoredImage {
    const row = this.#byId.get(id);
    if (row) return rowToImage(row);
    throw new PerchError('NOT_FOUND', 'This image is no longer in the store. Import its dataset again.');
  }

  /** In the dataset's order. */
  listByDataset(dataset: number): StoredImage[] {
    return this.#ofDataset.all(dataset).map(rowToImage);
  }

  /** The images that were added after another one, in the dataset's order. */
  listAfter(dataset: number, image: number): StoredImage[] {
    return this.#after.all(dataset, image).map(rowToImage);
  }

  /** Ids of the images that were not added after another one, including that one. */
  idsUpTo(dataset: number, image: number): number[] {
    return this.#idsUpTo.all(dataset, image);
  }

  /** In the dataset's order. */
  listByClass(dataset: number, textureClass: string): StoredImage[] {
    return this.#ofClass.all(dataset, textureClass).map(rowToImage);
  }

  /** The images of a file in all datasets, oldest first. */
  listByPath(path: string): StoredImage[] {
    return this.#ofPath.all(path).map(rowToImage);
  }

  /** The normal training images of a class, in the dataset's order. */
  listNormal(dataset: number, textureClass: string): StoredImage[] {
    return this.#normal.all(dataset, textureClass).map(rowToImage);
  }

  /** The image of a whole file in a dataset. */
  findByPath(dataset: number, path: string): StoredImage | undefined {
    return this.listByPath(path).find((image) => image.dataset === dataset && image.tileIndex === 0);
  }

  /** The index after the last image of a class. */
  nextSortIndex(dataset: number, textureClass: string): number {
    return this.#lastSortIndex.get(dataset, textureClass) ?? 0;
  }

  /** The largest bit depth in a class; undefined if no file of it leaves its white level open. */
  largestBitDepth(dataset: number, textureClass: string): number | undefined {
    return this.#largestBitDepth.get(dataset, textureClass) ?? undefined;
  }

  /** @returns its id */
  add(dataset: number, image: NewImage): number {
    return transaction(this.#database, () =>
      Number(this.#insert.run({ ...imageToRow(image), dataset }).lastInsertRowid),
    );
  }

  /** Updates an image when an import finds it again. */
  update(id: number, image: NewImage): void {
    transaction(this.#database, () => this.#update.run({ ...imageToRow(image), id }));
  }

  /** Replaces the folder `from` with `to` in a dataset's paths. */
  relocate(dataset: number, from: string, to: string): void {
    transaction(this.#database, () =>
      this.#database
        .prepare(
          `UPDATE images SET path = ? || substr(path, ?) WHERE dataset_id = ? AND substr(path, 1, ?) = ?`,
        )
        .run(to, from.length + 1, dataset, from.length + 1, from + sep),
    );
  }

  /** Records that the file of an image was moved from `from`. Does nothing if the image has another path. */
  moveFile(
    id: number,
    from: string,
    to: { path: string } & Pick<StoredImage['file'], 'mtimeMs' | 'ctimeMs'>,
  ): void {
    transaction(this.#database, () =>
      this.#database
        .prepare(
          `UPDATE OR IGNORE images SET path = @path, file_mtime_ms = @mtimeMs, file_ctime_ms = @ctimeMs
           WHERE id = @id AND path = @from`,
        )
        .run({ id, from, ...to }),
    );
  }

  /** Sets the bit depths of 16-bit images. A trigger removes results with another bit depth. */
  setBitDepths(depths: ReadonlyMap<number, number | undefined>): void {
    transaction(this.#database, () => {
      const update = this.#database.prepare('UPDATE images SET bit_depth = ? WHERE id = ?');
      for (const [id, depth] of depths) update.run(depth ?? null, id);
    });
  }

  /** Records where an image's file is now, after it was renamed. */
  rename(id: number, path: string, name: string): void {
    transaction(this.#database, () =>
      this.#database
        .prepare('UPDATE OR IGNORE images SET path = ?, name = ? WHERE id = ?')
        .run(path, name, id),
    );
  }

  setState(id: number, state: StoredImage['state']): void {
    transaction(this.#database, () => this.#setState.run(state, id));
  }
}

function rowToImage(row: ImageRow): StoredImage {
  const {
    cropLeft,
    cropTop,
    cropWidth,
    cropHeight,
    sha256,
    bytes,
    mtimeMs,
    ctimeMs,
    maskFiles,
    usedBits,
    usedMean,
    bitDepth,
    direction,
    pixelWidthMm,
    pixelHeightMm,
    annotated,
    ...rest
  } = row;
  const crop =
    cropLeft === null ? {} : { crop: { left: cropLeft, top: cropTop, width: cropWidth, height: cropHeight } };
  return {
    ...rest,
    ...crop,
    file: { sha256, bytes, mtimeMs, ctimeMs },
    maskFiles: maskFiles === null ? null : (JSON.parse(maskFiles) as MaskFileState[]),
    used: usedBits === null ? null : { bits: usedBits, mean: usedMean },
    ...(bitDepth === null ? {} : { bitDepth }),
    ...(direction === null ? {} : { direction }),
    ...(pixelWidthMm === null ? {} : { pixelSize: { x: pixelWidthMm, y: pixelHeightMm } }),
    annotated: annotated === 1,
  };
}

function imageToRow({ crop, file, maskFiles, used, pixelSize, ...image }: NewImage): object {
  return {
    ...image,
    ...file,
    maskFiles: maskFiles === null ? null : JSON.stringify(maskFiles),
    usedBits: used?.bits ?? null,
    usedMean: used?.mean ?? null,
    pixelWidthMm: pixelSize?.x ?? null,
    pixelHeightMm: pixelSize?.y ?? null,
    cropLeft: crop?.left ?? null,
    cropTop: crop?.top ?? null,
    cropWidth: crop?.width ?? null,
    cropHeight: crop?.height ?? null,
  };
}
