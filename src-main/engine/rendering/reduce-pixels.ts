import type { EightBitBlock } from '../readers/eight-bit.ts';
import type { PixelBlock, PixelSource } from '../readers/pixel-source.ts';

/** Pixels that are read at once. */
const BAND_PIXELS = 2 ** 24;

type Rows = Pick<PixelSource, 'width' | 'height' | 'read'>;

/** Pixels in memory, of which whole rows are read. */
export function rowsOf({ data, ...block }: EightBitBlock): Rows {
  const stride = block.width * block.channels;
  const { width, height } = block;
  const read: Rows['read'] = ({ top, height: rows }) =>
    Promise.resolve({ ...block, height: rows, data: data.subarray(top * stride, (top + rows) * stride) });
  return { width, height, read };
}

/** An image reduced by a whole number: each pixel is the mean of up to `factor` x `factor` pixels, 8 bits, RGB. */
export async function reducePixels(source: Rows, factor: number): Promise<EightBitBlock> {
  const width = Math.ceil(source.width / factor);
  const height = Math.ceil(source.height / factor);
  const reduced = new Uint8Array(3 * width * height);
  const rows = Math.max(1, Math.floor(BAND_PIXELS / (source.width * factor)));
  for (let top = 0; top < height; top += rows) {
    const from = top * factor;
    const length = Math.min(rows * factor, source.height - from);
    const band = await source.read({ left: 0, top: from, width: source.width, height: length });
    reduced.set(meansOf(band, factor), 3 * width * top);
  }
  return { data: reduced, width, height, channels: 3 };
}

function meansOf({ data, width, height, channels }: PixelBlock, factor: number): Uint8Array {
  const [columns, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const scale = data instanceof Uint16Array ? 255 / 65535 : 1;
  const means = new Uint8Array(3 * columns * rows);
  const sums = new Float64Array(columns * channels);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    const [top, bottom] = [row * factor, Math.min(height, (row + 1) * factor)];
    for (let y = top; y < bottom; y++) {
      let at = y * width * channels;
      for (let column = 0; column < columns; column++) {
        const end = Math.min(width, (column + 1) * factor);
        for (let x = column * factor; x < end; x++)
          for (let c = 0; c < channels; c++) sums[column * channels + c] += data[at++];
      }
    }
    for (let column = 0; column < columns; column++) {
      const count = (Math.min(width, (column + 1) * factor) - column * factor) * (bottom - top);
      for (let c = 0; c < 3; c++) {
        const sum = sums[column * channels + (channels === 1 ? 0 : c)];
        means[3 * (row * columns + column) + c] = Math.round((sum * scale) / count);
      }
    }
  }
  return means;
}
