import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readNpy } from '../../../common/maps/npy.ts';
import {
  convolution,
  failingNetwork,
  infiniteNetwork,
  type MapNetwork,
  mapNetwork,
  twoMaps,
} from '../../../models/onnx/test/map-networks.ts';
import { withExternalWeights } from '../../../models/onnx/test/external.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-networks-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

/** A gray texture of 48 x 40 pixels with a bright dot at (30, 10). */
async function image(): Promise<string> {
  const [width, height] = [48, 40];
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => 100 + ((i * 7) % 5));
  pixels[10 * width + 30] = 255;
  const png = sharp(pixels, { raw: { width, height, channels: 1 } }).png();
  return file('image.png', await png.toBuffer());
}

const add = async (bytes: Uint8Array, ...options: string[]) =>
  perch('models', 'import', 'mine', '--from', await file('net.onnx', bytes), '--map', ...options);

async function mapOf(...options: string[]) {
  const out = join(folder, 'out');
  const run = await perch('inspect', await image(), '--method', 'network:mine', '--out', out, ...options);
  expect(run.code, run.stderr).toBe(0);
  return readNpy(await readFile(join(out, 'image.map.npy')));
}

/** Where a map is largest, in its own positions. */
function peak({ shape, values }: { shape: readonly number[]; values: ArrayLike<number> }) {
  const all = Array.from(values);
  const at = all.indexOf(Math.max(...all));
  return { x: at % shape[1], y: Math.floor(at / shape[1]), score: all[at] };
}

describe('a network whose output is an anomaly map', () => {
  it.each<[string, MapNetwork, RegExp, number]>([
    ['float32 planes of any size', {}, /images of any size, RGB, float32, 0 to 1, output anomaly_map/, 1],
    [
      'bytes with interleaved channels',
      { type: 'uint8', channelsLast: true },
      /RGB, uint8, 0 to 255, channels last/,
      255,
    ],
    ['half precision', { type: 'float16' }, /RGB, float16, 0 to 1/, 1],
    ['gray images', { channels: 1 }, /gray, float32/, 1],
    ['gray bytes', { channels: 1, type: 'uint8', channelsLast: true }, /gray, uint8, 0 to 255/, 255],
  ])('takes %s', async (_, options, described, range) => {
    const added = await add(mapNetwork(options));
    expect(added, added.stderr).toMatchObject({ code: 0 });
    expect(added.stdout).toMatch(described);
    const map = await mapOf();
    expect(map.shape).toEqual([40, 48]);
    const { x, y, score } = peak(map);
    expect([x, y]).toEqual([30, 10]);
    // The dot, from 102 to 255, in its neighborhood of 81 pixels.
    expect((score / range) * 255).toBeCloseTo(((255 - 102) * 80) / 81, -0.5);
  });

  it('takes images of one size: they are resized to it, and its map spans the whole image', async () => {
    const added = await add(mapNetwork({ size: [20, 32] }));
    expect(added.stdout).toMatch(/anomaly map of 32 x 20 images/);
    const map = await mapOf();
    expect(map.shape).toEqual([20, 32]);
  });

  it('pads images to the multiple that it demands', async () => {
    const added = await add(mapNetwork({ halved: true }));
    expect(added, added.stderr).toMatchObject({ code: 0 });
    const record = await readRecord();
    expect(record).toMatchObject({ input: { multiple: 2 }, size: null });
    expect((await mapOf('--resize', '33')).shape).toEqual([17, 17]);
  });

  it("has the outputs of anomalib's networks", async () => {
    const added = await add(mapNetwork({ anomalib: true }));
    expect(added.stdout).toMatch(/output anomaly_map, image score pred_score/);
    expect(await readRecord()).toMatchObject({ mapOutput: 'anomaly_map', scoreOutput: 'pred_score' });
    const out = join(folder, 'out');
    const run = await perch('inspect', await image(), '--method', 'network:mine', '--out', out, '--json');
    const { score, imageScore } = JSON.parse(run.stdout) as { score: number; imageScore: number };
    expect(imageScore).toBeCloseTo(score, 5);
  });

  it('is imported with its weights in another file', async () => {
    const { model, weights } = withExternalWeights(mapNetwork({ factor: 3 }), 'net.onnx.data');
    await file('net.onnx.data', weights);
    expect(await add(model)).toMatchObject({ code: 0 });
    await rm(join(folder, 'net.onnx.data'));
    expect((peak(await mapOf()).score * 255) / 3).toBeCloseTo(((255 - 102) * 80) / 81, -0.5);
  });

  it('takes another range of values', async () => {
    await add(mapNetwork(), '--range', '255');
    expect(peak(await mapOf()).score).toBeGreaterThan(100);
  });

  it('is listed, verified and removed like a backbone', async () => {
    await add(mapNetwork(), '--license', 'Apache-2.0');
    expect((await perch('models', 'list')).stdout).toMatch(/mine .*anomaly map .*license: Apache-2.0/);
    expect((await perch('models', 'list', '--json')).stdout).toContain('"kind":"map"');
    expect((await perch('models', 'verify')).stdout).toMatch(/mine: unchanged/);
    expect((await perch('methods', 'list')).stdout).toMatch(/network:mine/);
    expect((await perch('methods', 'show', 'network:mine')).stdout).toContain('"network": "mine"');
    expect((await perch('doctor')).stdout).toMatch(/mine/);
    expect(await perch('models', 'remove', 'mine')).toMatchObject({ code: 0 });
    expect((await perch('inspect', await image(), '--method', 'network:mine')).stderr).toMatch(
      /network mine has not been imported.*perch models import mine --from FILE.onnx --map/,
    );
  });

  it('is no extractor, and a backbone is no network', async () => {
    await add(mapNetwork());
    const asExtractor = await perch('inspect', await image(), '--extractor', 'mine');
    expect(asExtractor.stderr).toMatch(/mine computes anomaly maps instead of features.*network:mine/);
    expect((await perch('inspect', '--help')).stdout).not.toMatch(/extractor: .*mine/);
    const from = await file('back.onnx', convolution(4));
    const statistics = ['--mean', '0.5,0.5,0.5', '--std', '0.25,0.25,0.25'];
    expect(await perch('models', 'import', 'back', '--from', from, ...statistics)).toMatchObject({ code: 0 });
    expect((await perch('inspect', await image(), '--method', 'network:back')).stderr).toMatch(
      /back computes features instead of anomaly maps/,
    );
  });

  it('says what it assumes', async () => {
    expect((await add(mapNetwork())).stdout).toMatch(/Note: .*from 0 to 1, and to normalize them itself/);
    expect((await add(convolution())).stdout).toMatch(
      /Note: Its first layer takes the values .* as they are/,
    );
    expect((await add(convolution(), '--range', '1')).stdout).not.toMatch(/Note:/);
    expect((await add(mapNetwork({ factor: 0 }))).stdout).toMatch(/Note: .*is constant/);
  });
});

it('a backbone takes bytes with interleaved channels', async () => {
  const featuresOf = async (options: MapNetwork, ...normalization: string[]) => {
    const from = await file('back.onnx', mapNetwork(options));
    const layer = ['--layer', 'map', ...normalization];
    const added = await perch('models', 'import', 'back', '--from', from, ...layer);
    expect(added, added.stderr).toMatchObject({ code: 0 });
    const out = join(folder, 'features.npy');
    await perch('extract', await image(), '--extractor', 'back', '--out', out);
    return readNpy(await readFile(out));
  };
  const expected = await featuresOf({}, '--mean', '0,0,0', '--std', '1,1,1');
  const { shape, values } = await featuresOf({ type: 'uint8', channelsLast: true });
  expect(shape).toEqual(expected.shape);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected.values[i], 4);
});

describe('a network is refused', () => {
  it.each<[string, () => Uint8Array, string[], RegExp]>([
    ['that always fails', failingNetwork, [], /net\.onnx failed on an input of .*--size/],
    ['with infinite scores', infiniteNetwork, [], /net\.onnx .* not finite/],
    [
      'with features',
      () => convolution(4),
      [],
      /none of its outputs is an anomaly map.*"out" \(float32 \[1, 4/,
    ],
    [
      'with another name of its output',
      () => mapNetwork(),
      ['--map-output', 'x'],
      /no output "x".*anomaly_map/,
    ],
    [
      'with a mask as its map',
      () => mapNetwork({ anomalib: true }),
      ['--map-output', 'pred_mask'],
      /"pred_mask" \(bool .*is not an anomaly map/,
    ],
    ['with two maps', twoMaps, [], /several of its outputs .*"a" .*"b" .*--map-output/],
    ['for batches', () => mapNetwork({ batch: 8 }), [], /takes 8 images at once/],
    [
      'of another size',
      () => mapNetwork({ size: [20, 32] }),
      ['--size', '64'],
      /32 x 20 pixels, not 64 x 64/,
    ],
    [
      'with normalized bytes',
      () => mapNetwork({ type: 'uint8' }),
      ['--mean', '0,0,0', '--std', '1,1,1'],
      /bytes/,
    ],
    ['with integers', () => mapNetwork({ type: 'int64' }), [], /"image" takes int64/],
    ['half of it', () => mapNetwork().subarray(0, 200), [], /net\.onnx .*truncated or damaged/],
    ['a web page', () => Buffer.from('<!DOCTYPE html>'), [], /it is a web page/],
    [
      'a Git LFS pointer',
      () => Buffer.from('version https://git-lfs.github.com/spec/v1\noid'),
      [],
      /it is a Git LFS pointer/,
    ],
    ['without --map', () => mapNetwork(), ['--layer', 'map'], /--layer can be used only without --map/],
  ])('%s', async (_, network, options, reason) => {
    const { code, stderr } = await add(network(), ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(reason);
    expect((await perch('models', 'list')).stdout).not.toMatch(/mine/);
  });
});

async function readRecord(): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, 'home/models/mine/model.json'), 'utf8'));
}
