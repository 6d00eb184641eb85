import type { CompleteFile } from '../../files/derived-files/complete-file.ts';
import { DerivedFiles } from '../../files/derived-files/derived-files.ts';
import type { ImageSource } from '../protocol/data-types.ts';
import { to8Bit } from '../readers/eight-bit.ts';
import type { PixelStorage } from '../readers/pixel-files/open-pixel-file.ts';
import type { PixelSource } from '../readers/pixel-source.ts';
import { halveMean } from './halve.ts';
import { LEVEL_FILES, type LevelFile, makeLevels } from './level-file.ts';

/** Increases when the content of level files changes. */
const VERSION = 1;

/**
 * Opens the levels of an image above level 0, 8 bit. Makes them if they are missing.
 *
 * @param pixels the image's pixels, which `source` names
 * @throws PerchError `DISK_FULL`, `NOT_WRITABLE`, `NOT_READABLE`; the reason of `signal`
 */
export function openImageLevels(
  source: ImageSource,
  pixels: PixelSource,
  { folder, maxBytes, ...work }: PixelStorage,
): Promise<CompleteFile<LevelFile>> {
  const { path, ...variant } = source;
  const page = /#\d+$/.exec(path)?.[0] ?? '';
  const key = DerivedFiles.keyOf(['levels', VERSION, pixels.sha256, page, variant]);
  const { width, height, channels } = pixels;
  const full = { width, height, bytesPerPosition: channels };
  return new DerivedFiles(folder, maxBytes).open(key, LEVEL_FILES, (width * height * channels) / 3, (to) =>
    makeLevels(
      full,
      to,
      work,
      async (top, rows) => to8Bit(await pixels.read({ left: 0, top, width, height: rows })).data,
      (values, levelWidth, rows) => halveMean({ values, width: levelWidth, rows, channels }),
    ),
  );
}
