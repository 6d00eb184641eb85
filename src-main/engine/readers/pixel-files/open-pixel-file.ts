import type { Crop } from '../../../common/geometry.ts';
import { PerchError } from '../../../common/api/errors.ts';
import type { RollDirection } from '../../../common/api/rolls.ts';
import { framesSha256 } from '../../../files/frames-sha256.ts';
import { splitPage } from '../../../files/paged-path.ts';
import type { CompleteFile } from '../../../files/derived-files/complete-file.ts';
import { DerivedFiles, type FileKind } from '../../../files/derived-files/derived-files.ts';
import type { ImageSource } from '../../protocol/data-types.ts';
import { blockSizeCheck } from '../image-limits.ts';
import { assertInside, type PixelSource } from '../pixel-source.ts';
import { assertUnchanged, type FileIdentity, identify } from './file-identity.ts';
import { isFrameFolder, openFrames, stackedSize } from './image-size.ts';
import { isStoredForBitDepth, makePixels } from './make-pixels.ts';
import { makeRoll } from './make-roll.ts';
import { openStream } from './open-stream.ts';
import { rollSource } from './roll-source.ts';
import { storedBytes, storedImage } from './stored-image-schema.ts';
import type { StoredImage, Work } from './stored-image.ts';
import { storedSource } from './stored-source.ts';

/** Where pixel files are kept. */
export interface PixelStorage extends Work {
  folder: string;
  /** Total size of the files that are kept. */
  maxBytes?: number | undefined;
  /**
   * The SHA-256 of the image at its import. If the decoded pixels are there, they are used without reading the image again, even if
   * it has changed since.
   */
  imported?: string | undefined;
}

const PIXELS: FileKind<StoredImage> = { schema: storedImage, bytesOf: storedBytes };

/** Increases when the content of pixel files changes. */
const VERSION = 1;

/**
 * Opens an image of any size, or a folder of frames as one image, for reading rectangles. Its pixels are decoded to a file once, in
 * bounded memory. The file is kept for the next time, up to a total size.
 *
 * @throws PerchError as `decodeImage`; `IMAGE_TOO_LARGE` beyond the limits of blocks; `IMAGE_CHANGED`; `DISK_FULL`, `NOT_WRITABLE`;
 *   the reason of `signal`
 */
export async function openPixelFile(source: ImageSource, storage: PixelStorage): Promise<PixelSource> {
  const { path, bitDepth, crop, direction = 'down' } = source;
  const opened = (await isFrameFolder(path))
    ? await openRoll(path, direction, bitDepth, storage)
    : await openFile(path, bitDepth, storage);
  return crop ? croppedSource(path, opened, crop) : opened;
}

async function openFile(
  path: string,
  bitDepth: number | undefined,
  { folder, maxBytes, imported, ...work }: PixelStorage,
): Promise<PixelSource> {
  const { file: name, page } = splitPage(path);
  const stream = await openStream(path);
  const { width, height, depth, colors } = stream;
  blockSizeCheck(path)(width, height);
  const variant = [page ?? null, isStoredForBitDepth(stream) ? (bitDepth ?? 0) : 0];
  const keyOf = (sha256: string) => DerivedFiles.keyOf([VERSION, sha256, ...variant]);
  const files = new DerivedFiles(folder, maxBytes);
  const open = ({ file, description, path: pixels }: CompleteFile<StoredImage>, sha256: string) =>
    storedSource(file, description, { path: pixels, name, sha256, bitDepth });
  const kept = imported === undefined ? undefined : await files.find(keyOf(imported), PIXELS);
  if (kept && imported !== undefined) return open(kept, imported);
  const { sha256, version } = await identify(name);
  assertImported(name, sha256, imported);
  const bytes = width * height * (colors === 'gray' ? 1 : 3) * (depth / 8);
  const found = await files.open(keyOf(sha256), PIXELS, bytes, async (to) => {
    const image = await makePixels(path, stream, to, { ...work, bitDepth });
    await assertUnchanged(name, version);
    return image;
  });
  return open(found, sha256);
}

async function openRoll(
  folder: string,
  direction: RollDirection,
  bitDepth: number | undefined,
  { folder: kept, maxBytes, imported, ...work }: PixelStorage,
): Promise<PixelSource> {
  const opened = await openFrames(folder, direction);
  const { frames, notes } = opened;
  const { width, height } = stackedSize(opened, direction);
  blockSizeCheck(folder)(width, height);
  const isFinished = frames.some(({ stream }) => isStoredForBitDepth(stream));
  const variant = [direction, frames.map(({ name }) => name), notes, isFinished ? (bitDepth ?? 0) : 0];
  const keyOf = (sha256: string) => DerivedFiles.keyOf([VERSION, sha256, ...variant]);
  const files = new DerivedFiles(kept, maxBytes);
  const open = ({ file, description, path }: CompleteFile<StoredImage>, sha256: string) =>
    rollSource(file, description, { path, sha256, bitDepth });
  const known = imported === undefined ? undefined : await files.find(keyOf(imported), PIXELS);
  if (known && imported !== undefined) return open(known, imported);
  const identities: FileIdentity[] = [];
  for (const { path } of frames) {
    work.signal?.throwIfAborted();
    identities.push(await identify(path));
  }
  const sha256 = framesSha256(identities.map((identity) => identity.sha256));
  assertImported(folder, sha256, imported);
  const channels = frames.every(({ stream }) => stream.colors === 'gray') ? 1 : 3;
  const bytes = width * height * channels * (frames[0].stream.depth / 8);
  const found = await files.open(keyOf(sha256), PIXELS, bytes, (to) =>
    makeRoll(opened, to, { ...work, direction, identities, bitDepth }),
  );
  return open(found, sha256);
}

function assertImported(path: string, sha256: string, imported: string | undefined): void {
  if (imported === undefined || sha256 === imported) return;
  throw new PerchError(
    'IMAGE_CHANGED',
    `${path} has changed since it was imported. Import its dataset again to update it.`,
  );
}

function croppedSource(path: string, source: PixelSource, crop: Crop): PixelSource {
  const { left, top, width, height } = crop;
  if (left + width > source.width || top + height > source.height) {
    void source.close();
    throw new PerchError(
      'IMAGE_CHANGED',
      `${path} now has only ${source.width} x ${source.height} pixels. Import its dataset again.`,
    );
  }
  return {
    ...source,
    width,
    height,
    read(rectangle) {
      assertInside(rectangle, { width, height });
      return source.read({ ...rectangle, left: left + rectangle.left, top: top + rectangle.top });
    },
  };
}
