import type { Crop } from '../../../common/geometry.ts';
import { PerchError } from '../../../common/api/errors.ts';
import type { RollDirection } from '../../../common/api/rolls.ts';
import { framesSha256 } from '../../../files/frames-sha256.ts';
import { splitPage } from '../../../files/paged-path.ts';
import { DerivedFiles, type FileKind } from '../../derived-files/derived-files.ts';
import type { ImageSource } from '../../protocol/messages.ts';
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
  { folder, maxBytes, ...work }: PixelStorage,
): Promise<PixelSource> {
  const { file: name, page = 1 } = splitPage(path);
  const stream = await openStream(path);
  const { width, height, depth, colors } = stream;
  blockSizeCheck(path)(width, height);
  const { sha256, version } = await identify(name);
  const inputs = [VERSION, sha256, page, splitPage(path).page === undefined];
  const key = DerivedFiles.keyOf([...inputs, isStoredForBitDepth(stream) ? (bitDepth ?? 0) : 0]);
  const bytes = width * height * (colors === 'gray' ? 1 : 3) * (depth / 8);
  const found = await new DerivedFiles(folder, maxBytes).open(key, PIXELS, bytes, async (to) => {
    const image = await makePixels(path, stream, to, { ...work, bitDepth });
    await assertUnchanged(name, version);
    return image;
  });
  return storedSource(found.file, found.description, { path: found.path, name, sha256, bitDepth });
}

async function openRoll(
  folder: string,
  direction: RollDirection,
  bitDepth: number | undefined,
  { folder: kept, maxBytes, ...work }: PixelStorage,
): Promise<PixelSource> {
  const opened = await openFrames(folder, direction);
  const { width, height } = stackedSize(opened, direction);
  blockSizeCheck(folder)(width, height);
  const identities: FileIdentity[] = [];
  for (const { path } of opened.frames) {
    work.signal?.throwIfAborted();
    identities.push(await identify(path));
  }
  const sha256 = framesSha256(identities.map((identity) => identity.sha256));
  const { frames, notes } = opened;
  const isFinished = frames.some(({ stream }) => isStoredForBitDepth(stream));
  const names = frames.map(({ name }) => name);
  const key = DerivedFiles.keyOf([
    VERSION,
    sha256,
    direction,
    names,
    notes,
    isFinished ? (bitDepth ?? 0) : 0,
  ]);
  const channels = frames.every(({ stream }) => stream.colors === 'gray') ? 1 : 3;
  const bytes = width * height * channels * (frames[0].stream.depth / 8);
  const found = await new DerivedFiles(kept, maxBytes).open(key, PIXELS, bytes, (to) =>
    makeRoll(opened, to, { ...work, direction, identities, bitDepth }),
  );
  return rollSource(found.file, found.description, { path: found.path, sha256, bitDepth });
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
    ...{ width, height },
    read(rectangle) {
      assertInside(rectangle, { width, height });
      return source.read({ ...rectangle, left: left + rectangle.left, top: top + rectangle.top });
    },
  };
}
