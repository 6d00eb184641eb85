import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import { PerchError } from '../../common/api/errors.ts';
import type { Crop, Size } from '../../common/geometry.ts';
import { isTile, TILE_SIDE, type TileAddress, tileSize } from '../../common/tiles.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import { splitPage } from '../../files/paged-path.ts';
import { readError } from '../../files/read.ts';
import type { CompleteFile } from '../../files/derived-files/complete-file.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { openPixelFile } from '../readers/pixel-files/open-pixel-file.ts';
import { pixelStorage } from '../readers/pixel-files/pixel-storage.ts';
import type { PixelBlock, PixelSource } from '../readers/pixel-source.ts';
import { toPlanes } from '../readers/rgb-planes.ts';
import { openImageLevels } from './image-levels.ts';
import { to8Bit } from '../readers/eight-bit.ts';
import { type LevelFile, readLevel } from './level-file.ts';
import { openMapFile, openMapLevels, type OpenedMap } from './map-levels.ts';
import { TileFiles } from './tile-cache.ts';

const images = new TileFiles<PixelSource>();
const maps = new TileFiles<OpenedMap>();
const levels = new TileFiles<CompleteFile<LevelFile> & { close(): Promise<void> }>();

/**
 * Reads a tile of an image as lossless PNG, 8 bit, or its 16-bit values as NPY.
 *
 * @throws PerchError `NOT_YET` while the image is being decoded or reduced; `NOT_FOUND` without such a tile; as `openPixelFile`
 */
export async function readTile({
  source,
  imported,
  tile,
  values = false,
}: EngineRequests['readTile']['request']): Promise<EngineRequests['readTile']['response']> {
  const key = JSON.stringify([source, imported, await versionOf(splitPage(source.path).file)]);
  const pixels = await images.get(key, (report) =>
    openPixelFile(source, { ...pixelStorage(), imported, report }),
  );
  const rectangle = rectangleOf(pixels, tile);
  if (tile.level === 0) {
    const block = await pixels.read(rectangle);
    return { bytes: values ? encodeValues(block, source.bitDepth ?? 16) : await encode(to8Bit(block)) };
  }
  const file = await levels.get(`image ${key}`, async (report) => {
    // Not `pixels`, which may be closed before a long work ends.
    const own = await openPixelFile(source, { ...pixelStorage(), imported });
    try {
      return closable(await openImageLevels(source, own, { ...pixelStorage(), report }));
    } finally {
      await own.close();
    }
  });
  const data = await readLevel(file, tile.level, rectangle);
  const { width, height } = rectangle;
  return { bytes: await encode({ data, width, height, channels: pixels.channels }) };
}

/** Reads a tile of a map of the store as NPY. @throws PerchError `NOT_YET`, `NOT_FOUND`; as `openMapFile` */
export async function readMapTile({
  path,
  tile,
}: EngineRequests['readMapTile']['request']): Promise<EngineRequests['readMapTile']['response']> {
  const map = await maps.get(path, () => openMapFile(path));
  const rectangle = rectangleOf(map, tile);
  const { width, height } = rectangle;
  const read = async () => {
    if (tile.level === 0) return map.read(rectangle);
    const file = await levels.get(`map ${path}`, async (report) => {
      const own = await openMapFile(path);
      try {
        return closable(await openMapLevels(path, own, { ...pixelStorage(), report }));
      } finally {
        await own.close();
      }
    });
    return readLevel(file, tile.level, rectangle);
  };
  const scores = new Float32Array((await read()).buffer);
  return { bytes: writeNpy({ shape: [height, width], values: scores }) };
}

function closable(file: CompleteFile<LevelFile>) {
  return { ...file, close: () => file.file.close() };
}

function rectangleOf(full: Size, tile: TileAddress): Crop {
  if (!isTile(full, tile))
    throw new PerchError('NOT_FOUND', 'The image has no such tile. Reload the window.');
  return { left: tile.x * TILE_SIDE, top: tile.y * TILE_SIDE, ...tileSize(full, tile) };
}

async function versionOf(file: string): Promise<unknown[]> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(file);
    return [ino, size, mtimeMs, ctimeMs];
  } catch (cause) {
    throw readError(file, cause);
  }
}

/** Uncompressed, because a local page receives it and compression would take longer than the transfer. */
async function encode({ data, width, height, channels }: PixelBlock): Promise<Uint8Array<ArrayBuffer>> {
  const raw = { width, height, channels: channels as 1 | 3 };
  return new Uint8Array(await sharp(data, { raw }).png({ compressionLevel: 0 }).toBuffer());
}

/** As `encodeValues` of a whole image. A gray image has one plane. */
function encodeValues(block: PixelBlock, bitDepth: number): Uint8Array<ArrayBuffer> {
  const { values, width, height } = toPlanes(block);
  const planes = block.channels === 1 ? 1 : 3;
  const white = 2 ** bitDepth - 1;
  const integers = values.subarray(0, planes * width * height).map((value) => Math.round(value * white));
  return writeNpy({ shape: [planes, height, width], values: integers });
}
