/**
 * The `random` extractor as docs/method.md, section 1, defines it, given its kernels: float64, simple loops, reflect padding.
 *
 * @param rgb 3 x H x W, both sides at least 3
 * @param kernels K x 3 x 5 x 5
 * @returns K x H x W
 */
export function referenceRandom(
  rgb: ArrayLike<number>,
  height: number,
  width: number,
  kernels: ArrayLike<number>,
): Float64Array {
  const pixels = height * width;
  return Float64Array.from({ length: (kernels.length / 75) * pixels }, (_, i) => {
    const [kernel, y, x] = [Math.floor(i / pixels), Math.floor((i % pixels) / width), i % width];
    let response = 0;
    for (let tap = 0; tap < 75; tap++) {
      const [color, dy, dx] = [Math.floor(tap / 25), (Math.floor(tap / 5) % 5) - 2, (tap % 5) - 2];
      const source = reflected(y + dy, height) * width + reflected(x + dx, width);
      response += kernels[kernel * 75 + tap] * rgb[color * pixels + source];
    }
    return response;
  });
}

/** Reflection without repeating the edge: -1 is 1, `side` is `side - 2`. */
function reflected(i: number, side: number): number {
  if (i < 0) return -i;
  return i < side ? i : 2 * (side - 1) - i;
}
