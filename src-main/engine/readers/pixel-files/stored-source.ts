import type { FileHandle } from 'node:fs/promises';
import type { Crop } from '../../../common/geometry.ts';
import { bitDepthNote } from '../format-notes.ts';
import { orientBlock, orientedResolution, orientedSize, storedRectangle } from '../orientation.ts';
import { assertInside, type Frame, type PixelSource } from '../pixel-source.ts';
import { finisherOf } from './finish-samples.ts';
import { readStored } from './read-stored.ts';
import type { StoredImage } from './stored-image.ts';

/** An image whose samples are in an open pixel file. Closing it closes the file. */
export function storedSource(
  file: FileHandle,
  image: StoredImage,
  {
    path,
    name,
    sha256,
    bitDepth,
  }: { path: string; name: string; sha256: string; bitDepth: number | undefined },
): PixelSource {
  const { depth, orientation, used, resolution } = image;
  const size = orientedSize(image, orientation);
  const channels = image.colors === 'gray' ? 1 : 3;
  const bits = used && !image.isFinished ? (bitDepth ?? used.bits) : 16;
  const finish = finisherOf(image, bits);
  const frame: Frame = { name, sha256, offset: 0, length: size.height };
  return {
    ...size,
    depth,
    channels,
    sha256,
    frames: [frame],
    notes: used && bits < 16 ? [...image.notes, bitDepthNote(bits, used.bits)] : image.notes,
    ...(used && { used }),
    ...(resolution && { resolution: orientedResolution(resolution, orientation) }),
    async read(rectangle: Crop) {
      assertInside(rectangle, size);
      const stored = storedRectangle(rectangle, size, orientation);
      const data = finish(await readStored(file, path, image, stored));
      return orientBlock({ data, width: stored.width, height: stored.height, channels }, orientation);
    },
    close: () => file.close(),
  };
}
