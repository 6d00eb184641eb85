import { PerchError } from '../../common/api/errors.ts';

/** Upper limit of the overhead of a PNG: headers, one byte per row, and what deflate adds to incompressible data. */
const OVERHEAD_BYTES = 65_536;
const OVERHEAD_FACTOR = 1.05;

/**
 * Reads a drawn mask. Refuses more bytes than a grayscale PNG of the image's size can have.
 *
 * @throws PerchError `INVALID_MASK`
 */
export async function drawnBytes(
  body: AsyncIterable<Uint8Array>,
  { width, height }: { width: number; height: number },
): Promise<Uint8Array> {
  const limit = OVERHEAD_BYTES + OVERHEAD_FACTOR * (width + 1) * height;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) {
      throw new PerchError(
        'INVALID_MASK',
        `The drawn mask is larger than any PNG of ${width} x ${height} grayscale pixels. Nothing was saved.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
