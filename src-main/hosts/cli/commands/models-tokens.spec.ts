import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readNpy } from '../../../common/maps/npy.ts';
import { GraphBuilder } from '../../../models/onnx/graph.ts';
import { float32, int64 } from '../../../models/onnx/tensor.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-tokens-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const PATCH = 14;

/** Writes a transformer without blocks: leading tokens, and the mean of red and of green in each patch. */
async function transformer({ leading, side }: { leading: number; side?: number }): Promise<string> {
  const graph = new GraphBuilder('net');
  const sides = side === undefined ? ['height', 'width'] : [side, side];
  const image = graph.input('pixels', 'float32', [1, 3, ...sides]);
  const area = PATCH * PATCH;
  const taps = [0, 1].flatMap((output) =>
    [0, 1, 2].flatMap((channel) => new Array<number>(area).fill(channel === output ? 1 / area : 0)),
  );
  const kernel = graph.constant(float32([2, 3, PATCH, PATCH], taps));
  const attributes = { kernel_shape: [PATCH, PATCH], strides: [PATCH, PATCH] };
  const planes = graph.node('Conv', [image, kernel], attributes);
  const rows = graph.node('Reshape', [planes, graph.constant(int64([1, 2, -1]))]);
  const patches = graph.node('Transpose', [rows], { perm: [0, 2, 1] });
  const others = graph.constant(float32([1, leading, 2], new Array<number>(2 * leading).fill(9)));
  const tokens = leading > 0 ? graph.node('Concat', [others, patches], { axis: 1 }) : patches;
  const count = side === undefined ? undefined : leading + (side / PATCH) ** 2;
  // A graph of one size has embeddings of all its positions.
  const placed = count
    ? graph.node('Add', [tokens, graph.constant(float32([1, count, 2], new Float32Array(2 * count)))])
    : tokens;
  graph.output(graph.node('Identity', [placed], {}, 'tokens'), 'float32');
  const path = join(folder, 'vit.onnx');
  await writeFile(path, graph.toBytes());
  return path;
}

/** An image whose red grows to the right and whose green grows downward. */
async function ramps(width: number, height: number): Promise<string> {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return [Math.floor((255 * x) / width), Math.floor((255 * y) / height), 0][i % 3];
  });
  const path = join(folder, 'ramps.png');
  await writeFile(
    path,
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  );
  return path;
}

const statistics = ['--mean', '0,0,0', '--std', '1,1,1'];
const imported = (from: string, ...options: string[]) =>
  perch('models', 'import', 'vit', '--from', from, '--tokens', ...statistics, ...options);

/** Extracts features of the ramps. They grow along their axis only. */
async function assertRamps(width: number, height: number, shape: number[]): Promise<void> {
  const out = join(folder, 'f.npy');
  const extracted = await perch('extract', await ramps(width, height), '--extractor', 'vit', '--out', out);
  expect(extracted.code, extracted.stderr).toBe(0);
  const features = readNpy(await readFile(out));
  expect(features.shape).toEqual(shape);
  const [, rows, columns] = shape;
  const at = (c: number, y: number, x: number) => features.values[(c * rows + y) * columns + x];
  expect(at(0, 0, 1)).toBeGreaterThan(at(0, 0, 0) + 0.1);
  expect(at(0, 1, 0)).toBeCloseTo(at(0, 0, 0), 5);
  expect(at(1, 1, 0)).toBeGreaterThan(at(1, 0, 0) + 0.1);
  expect(at(1, 0, 1)).toBeCloseTo(at(1, 0, 0), 5);
}

it('tokens of images of any size are imported; patch size and leading tokens are found', async () => {
  const { code, stdout, stderr } = await imported(await transformer({ leading: 5 }));
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/2 channels, stride 14, patch tokens after 5 others, original precision/);
  await assertRamps(70, 50, [2, 4, 5]);
  expect(await perch('models', 'verify', 'vit')).toMatchObject({ code: 0 });
});

it('tokens of images of one size are imported; images are resized to it, and the record says so', async () => {
  const { code, stdout, stderr } = await imported(await transformer({ leading: 1, side: 56 }));
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/patch tokens after 1 others, images resized to 56 x 56/);
  await assertRamps(100, 40, [2, 4, 4]);
  const record = await readFile(join(folder, 'home/models/vit/model.json'), 'utf8');
  expect(JSON.parse(record)).toMatchObject({
    preprocessing: {
      size: { height: 56, width: 56 },
      tokens: { leading: 1, grid: { height: 4, width: 4 } },
    },
  });
});

it('a grid that is given is used', async () => {
  const { code, stderr } = await imported(await transformer({ leading: 1, side: 56 }), '--grid', '4x4');
  expect(code, stderr).toBe(0);
  await assertRamps(100, 40, [2, 4, 4]);
});

it.each<[string, Parameters<typeof transformer>[0], string[], RegExp]>([
  ['a wrong number of leading tokens', { leading: 5 }, ['--leading', '1'], /has 5 leading tokens, not 1/],
  ['a wrong grid', { leading: 1, side: 56 }, ['--grid', '5x5'], /17 tokens, which are not 5 x 5/],
  ['leading tokens that leave no grid', { leading: 1, side: 56 }, ['--leading', '3'], /no grid of square/],
])('%s is refused', async (_, graph, options, reason) => {
  const { code, stderr } = await imported(await transformer(graph), ...options);
  expect(code).toBe(1);
  expect(stderr).toMatch(reason);
});

it('tokens that are imported as a map are refused, with the option that takes them', async () => {
  const from = await transformer({ leading: 1 });
  const { code, stderr } = await perch('models', 'import', 'vit', '--from', from, ...statistics);
  expect(code).toBe(1);
  expect(stderr).toMatch(/shape \[1, \d+, 2\].*--tokens/);
});
