/**
 * The `laws` extractor exactly as docs/method.md, section 1, defines it, in float64 with simple loops. It shares no code with the
 * graph and is the reference for the graph.
 *
 * @param rgb 3 x H x W, 0..1, both sides at least 8
 * @returns 9 x H x W, unscaled
 */
export function referenceLaws(rgb: ArrayLike<number>, height: number, width: number): Float64Array {
  const pixels = height * width;
  const gray = Float64Array.from({ length: pixels }, (_, i) => {
    return (rgb[i] + rgb[pixels + i] + rgb[2 * pixels + i]) / 3;
  });
  const gauss = Array.from({ length: 15 }, (_, i) => Math.exp(-((i - 7) ** 2) / (2 * 20 ** 2)));
  const total = gauss.reduce((sum, tap) => sum + tap) ** 2;
  const light = correlate(
    gray,
    gauss.map((row) => gauss.map((column) => (row * column) / total)),
  );
  const detail = gray.map((value, i) => value - light[i]);

  const names = ['E5E5', 'S5S5', 'R5R5', 'L5E5', 'L5S5', 'L5R5', 'E5S5', 'E5R5', 'S5R5'];
  const features = new Float64Array(9 * pixels);
  names.forEach((name, channel) => {
    const [down, across] = [KERNELS[name.slice(0, 2)], KERNELS[name.slice(2)]];
    const one = correlate(detail, product(down, across));
    const other = correlate(detail, product(across, down));
    for (let i = 0; i < pixels; i++) features[channel * pixels + i] = (one[i] + other[i]) / 2 / 10;
  });
  return features;

  function correlate(plane: Float64Array, kernel: number[][]): Float64Array {
    const radius = (kernel.length - 1) / 2;
    return plane.map((_, i) => {
      const [y, x] = [Math.floor(i / width), i % width];
      let response = 0;
      kernel.forEach((row, dy) =>
        row.forEach((tap, dx) => {
          const source = reflected(y + dy - radius, height) * width + reflected(x + dx - radius, width);
          response += tap * plane[source];
        }),
      );
      return response;
    });
  }
}

const KERNELS: Record<string, number[]> = {
  L5: [1, 4, 6, 4, 1],
  E5: [-1, -2, 0, 2, 1],
  S5: [-1, 0, 2, 0, -1],
  R5: [1, -4, 6, -4, 1],
};

function product(down: number[], across: number[]): number[][] {
  return down.map((row) => across.map((column) => row * column));
}

/** Reflection without repeating the edge: -1 is 1, `side` is `side - 2`. */
function reflected(i: number, side: number): number {
  if (i < 0) return -i;
  return i < side ? i : 2 * (side - 1) - i;
}
