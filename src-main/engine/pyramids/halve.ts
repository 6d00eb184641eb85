/** Rows of a level, interleaved. */
export interface LevelRows<Values> {
  values: Values;
  width: number;
  rows: number;
  channels: number;
}

/** The means of 2 x 2 pixels, rounded. At an odd edge, the last column or row counts twice. */
export function halveMean({ values, width, rows, channels }: LevelRows<Uint8Array>): Uint8Array<ArrayBuffer> {
  const halfWidth = Math.ceil(width / 2);
  const halfRows = Math.ceil(rows / 2);
  const half = new Uint8Array(halfWidth * halfRows * channels);
  const stride = width * channels;
  let to = 0;
  for (let y = 0; y < halfRows; y++) {
    const upper = 2 * y * stride;
    const lower = Math.min(2 * y + 1, rows - 1) * stride;
    for (let x = 0; x < halfWidth; x++) {
      const left = 2 * x * channels;
      const right = Math.min(2 * x + 1, width - 1) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const sum =
          values[upper + left + channel] +
          values[upper + right + channel] +
          values[lower + left + channel] +
          values[lower + right + channel];
        half[to++] = (sum + 2) >> 2;
      }
    }
  }
  return half;
}

/** The maxima of 2 x 2 scores, so that small regions stay visible. */
export function halveMaximum({
  values,
  width,
  rows,
}: Omit<LevelRows<Float32Array>, 'channels'>): Float32Array<ArrayBuffer> {
  const halfWidth = Math.ceil(width / 2);
  const halfRows = Math.ceil(rows / 2);
  const half = new Float32Array(halfWidth * halfRows);
  let to = 0;
  for (let y = 0; y < halfRows; y++) {
    const upper = 2 * y * width;
    const lower = Math.min(2 * y + 1, rows - 1) * width;
    for (let x = 0; x < halfWidth; x++) {
      const left = 2 * x;
      const right = Math.min(left + 1, width - 1);
      half[to++] = Math.max(
        values[upper + left],
        values[upper + right],
        values[lower + left],
        values[lower + right],
      );
    }
  }
  return half;
}
