import type { Crop } from '../../../common/geometry.ts';
import type { Frame, PixelBlock } from '../pixel-source.ts';

/**
 * Reads a rectangle of frames that stand side by side.
 *
 * @param readFrame reads a rectangle of a frame, in the frame's coordinates
 */
export async function readSideBySide(
  frames: readonly Frame[],
  rectangle: Crop,
  readFrame: (frame: Frame, part: Crop) => Promise<PixelBlock>,
): Promise<PixelBlock> {
  const { left, top, width, height } = rectangle;
  const touched = frames.filter(({ offset, length }) => offset < left + width && offset + length > left);
  const parts = await Promise.all(
    touched.map(async (frame) => {
      const start = Math.max(left, frame.offset);
      const end = Math.min(left + width, frame.offset + frame.length);
      const part = { left: start - frame.offset, top, width: end - start, height };
      return { at: start - left, block: await readFrame(frame, part) };
    }),
  );
  if (parts.length === 1) return parts[0].block;
  const { channels, data: first } = parts[0].block;
  const count = width * height * channels;
  const data = first instanceof Uint16Array ? new Uint16Array(count) : new Uint8Array(count);
  for (const { at, block } of parts) {
    const row = block.width * channels;
    for (let y = 0; y < height; y++)
      data.set(block.data.subarray(y * row, (y + 1) * row), (y * width + at) * channels);
  }
  return { data, width, height, channels };
}
