// DINOv2 layer by layer in float64 with simple loops, as its authors publish it. Tests compare the graphs with it.

import { normalized, type Planes, type Weights } from './reference-networks.ts';

/** Rows of numbers. */
type Matrix = number[][];

const HEAD_WIDTH = 64;

/** The normalized patch tokens of the given blocks, each width x height / 14 x width / 14. */
export function plainDinov2(
  image: Planes,
  weights: Weights,
  patch: number,
  blocks: readonly number[],
): Planes[] {
  const width = weights.cls_token.length;
  const [height, across] = [image.height / patch, image.width / patch];
  const registers = (weights.register_tokens?.length ?? 0) / width;
  const positions = rowsOf(weights.pos_embed, width);
  const embedded = patches(normalized(image), weights, patch);
  const grid = resized(positions.slice(1), height, across, registers > 0);
  let tokens: Matrix = [
    positions[0].map((position, i) => position + weights.cls_token[i]),
    ...rowsOf(weights.register_tokens ?? new Float32Array(), width),
    ...embedded.map((row, i) => row.map((value, c) => value + grid[i][c])),
  ];
  const maps: Planes[] = [];
  for (let block = 0; block <= Math.max(...blocks); block++) {
    tokens = blockOf(tokens, weights, `blocks.${block}`);
    if (!blocks.includes(block)) continue;
    const rows = norm(tokens, weights, 'norm').slice(1 + registers);
    const values = new Float64Array(width * rows.length);
    rows.forEach((row, i) => row.forEach((value, c) => (values[c * rows.length + i] = value)));
    maps.push({ values, channels: width, height, width: across });
  }
  return maps;
}

function blockOf(tokens: Matrix, weights: Weights, path: string): Matrix {
  const add = (to: Matrix, values: Matrix, gamma: Float32Array) =>
    to.map((row, i) => row.map((value, c) => value + gamma[c] * values[i][c]));
  const attended = attention(linear(norm(tokens, weights, `${path}.norm1`), weights, `${path}.attn.qkv`));
  const projected = linear(attended, weights, `${path}.attn.proj`);
  const between = add(tokens, projected, weights[`${path}.ls1.gamma`]);
  const second = norm(between, weights, `${path}.norm2`);
  const isGated = `${path}.mlp.w12.weight` in weights;
  const opened = linear(second, weights, `${path}.mlp.${isGated ? 'w12' : 'fc1'}`);
  const activated = opened.map((row) => (isGated ? swiglu(row) : row.map(gelu)));
  const closed = linear(activated, weights, `${path}.mlp.${isGated ? 'w3' : 'fc2'}`);
  return add(between, closed, weights[`${path}.ls2.gamma`]);
}

function attention(qkv: Matrix): Matrix {
  const width = qkv[0].length / 3;
  return qkv.map((row) => {
    const out = new Array<number>(width).fill(0);
    for (let start = 0; start < width; start += HEAD_WIDTH) {
      const scores = qkv.map((other) => {
        let sum = 0;
        for (let c = start; c < start + HEAD_WIDTH; c++) sum += row[c] * other[width + c];
        return sum / Math.sqrt(HEAD_WIDTH);
      });
      const largest = Math.max(...scores);
      const powers = scores.map((score) => Math.exp(score - largest));
      const total = powers.reduce((sum, power) => sum + power, 0);
      for (let c = start; c < start + HEAD_WIDTH; c++) {
        out[c] = qkv.reduce((sum, other, i) => sum + (powers[i] / total) * other[2 * width + c], 0);
      }
    }
    return out;
  });
}

function linear(rows: Matrix, weights: Weights, name: string): Matrix {
  const [kernel, bias] = [weights[`${name}.weight`], weights[`${name}.bias`]];
  return rows.map((row) =>
    Array.from(bias, (offset, out) => {
      let sum = offset;
      for (let i = 0; i < row.length; i++) sum += row[i] * kernel[out * row.length + i];
      return sum;
    }),
  );
}

function norm(rows: Matrix, weights: Weights, name: string): Matrix {
  const [gain, offset] = [weights[`${name}.weight`], weights[`${name}.bias`]];
  return rows.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    return row.map((value, c) => ((value - mean) / Math.sqrt(variance + 1e-6)) * gain[c] + offset[c]);
  });
}

function swiglu(row: number[]): number[] {
  const half = row.length / 2;
  return row.slice(0, half).map((gate, i) => (gate / (1 + Math.exp(-gate))) * row[half + i]);
}

function gelu(value: number): number {
  return 0.5 * value * (1 + erf(value / Math.SQRT2));
}

/** The error function by its series, which converges everywhere. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-18 && n < 300; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** One row per patch. */
function patches(image: Planes, weights: Weights, patch: number): Matrix {
  const rows: Matrix = [];
  for (let y = 0; y < image.height; y += patch) {
    for (let x = 0; x < image.width; x += patch) {
      const pixels: number[] = [];
      for (let c = 0; c < 3; c++)
        for (let dy = 0; dy < patch; dy++)
          for (let dx = 0; dx < patch; dx++)
            pixels.push(image.values[(c * image.height + y + dy) * image.width + x + dx]);
      rows.push(pixels);
    }
  }
  return linear(rows, weights, 'patch_embed.proj');
}

/** Position embeddings of a square grid, resized as PyTorch's `interpolate` does. */
function resized(embeddings: Matrix, height: number, width: number, antialias: boolean): Matrix {
  const side = Math.sqrt(embeddings.length);
  if (side === height && side === width) return embeddings;
  const weigh = antialias ? antialiasedTaps : offsetTaps;
  const [down, across] = [weigh(height, side), weigh(width, side)];
  return down.flatMap((rows) =>
    across.map((columns) =>
      embeddings[0].map((_, c) => {
        let sum = 0;
        for (const [y, a] of rows) for (const [x, b] of columns) sum += a * b * embeddings[y * side + x][c];
        return sum;
      }),
    ),
  );
}

type Taps = [index: number, weight: number][];

/** Without registers: the scale is (count + 0.1) / side, and indices beyond the border repeat it. */
function offsetTaps(count: number, side: number): Taps[] {
  return Array.from({ length: count }, (_, i) => {
    const center = (i + 0.5) / ((count + 0.1) / side) - 0.5;
    const first = Math.floor(center) - 1;
    return [0, 1, 2, 3].map((tap) => {
      const index = Math.min(Math.max(first + tap, 0), side - 1);
      return [index, cubic(Math.abs(center - first - tap), -0.75)];
    });
  });
}

/** With registers: by size, with a kernel that widens with the reduction. */
function antialiasedTaps(count: number, side: number): Taps[] {
  const scale = side / count;
  const spread = Math.max(scale, 1);
  return Array.from({ length: count }, (_, i) => {
    const center = scale * (i + 0.5);
    const first = Math.max(Math.trunc(center - 2 * spread + 0.5), 0);
    const end = Math.min(Math.trunc(center + 2 * spread + 0.5), side);
    const taps: Taps = [];
    for (let j = first; j < end; j++) taps.push([j, cubic(Math.abs((j - center + 0.5) / spread), -0.5)]);
    const sum = taps.reduce((total, [, weight]) => total + weight, 0);
    return taps.map(([index, weight]) => [index, weight / sum]);
  });
}

function cubic(x: number, a: number): number {
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

function rowsOf(values: Float32Array, width: number): Matrix {
  return Array.from({ length: values.length / width }, (_, i) =>
    Array.from(values.subarray(i * width, (i + 1) * width)),
  );
}
