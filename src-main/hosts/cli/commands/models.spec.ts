import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { float32Bytes, safetensorsFile } from '../../../models/checkpoint/test/files.ts';
import { GraphBuilder } from '../../../models/onnx/graph.ts';
import { float32, int64 } from '../../../models/onnx/tensor.ts';
import { readNpy } from '../../../common/maps/npy.ts';
import { perch } from '../../../test/perch.ts';
import { writeWideResnet50 } from '../../../../assets/golden/write-wide-resnet50.ts';
import { goldenPath } from '../../../test/golden.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-models-'));
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

/** Writes a colored image. */
async function image(width: number, height: number): Promise<string> {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * i * 7 + i) % 256);
  const png = sharp(pixels, { raw: { width, height, channels: 3 } }).png();
  return file('image.png', await png.toBuffer());
}

/** A network of stride 2 whose head fits images of 8 x 8 only. */
function network(): Uint8Array {
  const graph = new GraphBuilder('net');
  const input = graph.input('pixels', 'float32', [1, 3, 8, 8]);
  const taps = Array.from({ length: 4 * 3 * 2 * 2 }, (_, i) => Math.cos(i));
  const kernel = graph.constant(float32([4, 3, 2, 2], taps));
  const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
  const layer = graph.node('Relu', [graph.node('Conv', [input, kernel], attributes, 'inner')], {}, 'layer');
  graph.output(graph.node('Reshape', [layer, graph.constant(int64([1, 64]))], {}, 'class'), 'float32');
  return graph.toBytes();
}

const statistics = ['--mean', '0.5,0.5,0.5', '--std', '0.25,0.25,0.25'];

/** The first convolutions of VGG19 with random weights. */
function vgg19(): Uint8Array {
  const shapes = { 0: [64, 3, 3, 3], 2: [64, 64, 3, 3] };
  const header: Record<string, unknown> = {};
  const elements: number[] = [];
  const put = (name: string, shape: number[]) => {
    const count = shape.reduce((product, side) => product * side, 1);
    header[name] = {
      dtype: 'F32',
      shape,
      data_offsets: [4 * elements.length, 4 * (elements.length + count)],
    };
    for (let i = 0; i < count; i++) elements.push(0.1 * Math.sin(elements.length ** 2));
  };
  for (const [layer, shape] of Object.entries(shapes)) {
    put(`features.${layer}.weight`, shape);
    put(`features.${layer}.bias`, [shape[0]]);
  }
  return safetensorsFile(header, float32Bytes(elements));
}

describe('perch models', () => {
  it('imports, lists, uses, verifies and removes a checkpoint', async () => {
    const from = await file('net.safetensors', vgg19());
    const added = await perch('models', 'import', 'vgg19', '--from', from, '--precision', 'int8');
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout).toMatch(
      /Imported vgg19: 128 channels, stride 1, int8, features differ from float32 by/,
    );

    const rows = (await perch('models', 'list', '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows[0]).toMatchObject({
      name: 'vgg19',
      imported: true,
      precision: 'int8',
      channels: 128,
      license: 'unknown',
    });
    expect(rows[1]).toMatchObject({ name: 'wide_resnet50', imported: false });

    const picture = await image(40, 24);
    const extracted = await perch('extract', picture, '--extractor', 'vgg19', '--out', join(folder, 'f.npy'));
    expect(extracted.code, extracted.stderr).toBe(0);
    const { shape, values } = readNpy(await readFile(join(folder, 'f.npy')));
    expect(shape).toEqual([128, 24, 40]);
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, expect.closeTo(1, 5)]);

    expect(await perch('models', 'verify')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/vgg19: unchanged/),
    });
    expect(await perch('models', 'remove', 'vgg19')).toMatchObject({ code: 0 });
    expect(await readdir(join(folder, 'home', 'models'))).toEqual([]);
    const again = await perch('models', 'remove', 'vgg19');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('no imported model "vgg19"') });
  });

  it('names the commands that get a missing backbone', async () => {
    const { code, stderr } = await perch('inspect', await image(40, 24), '--extractor', 'wide_resnet50');
    expect(code).toBe(1);
    expect(stderr).toMatch(/perch models download wide_resnet50.*perch models import wide_resnet50 --from/);
  });

  it('detects a changed model', async () => {
    await perch(
      'models',
      'import',
      'mine',
      '--from',
      await file('net.onnx', network()),
      '--layer',
      'layer',
      ...statistics,
    );
    const stored = join(folder, 'home', 'models', 'mine', 'model.onnx');
    const bytes = await readFile(stored);
    bytes[bytes.length >> 1] ^= 1;
    await writeFile(stored, bytes);
    const { code, stderr } = await perch('models', 'verify', 'mine');
    expect(code).toBe(1);
    expect(stderr).toMatch(/mine: .*checksum differs.*perch models remove mine/);
  });

  it('lists and verifies the others if a record is damaged, and names it', async () => {
    await perch(
      'models',
      'import',
      'mine',
      '--from',
      await file('net.onnx', network()),
      '--layer',
      'layer',
      ...statistics,
    );
    await writeFile(join(folder, 'home', 'models', 'mine', 'model.json'), '{"format": 1}');
    expect((await perch('models', 'list')).stdout).toMatch(/mine .*record .* damaged/);
    expect((await perch('models', 'verify')).stderr).toMatch(/mine: .*record .* damaged/);
    expect(await perch('models', 'remove', 'mine')).toMatchObject({ code: 0 });
  });
});

describe('any other backbone', () => {
  it('is imported from an ONNX file, with the layer that holds the features and its normalization', async () => {
    const from = await file('net.onnx', network());
    const { code, stdout, stderr } = await perch(
      'models',
      'import',
      'mine',
      '--from',
      from,
      '--layer',
      'layer',
      ...statistics,
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/4 channels, stride 2, original precision/);
    await perch('extract', await image(30, 21), '--extractor', 'mine', '--out', join(folder, 'f.npy'));
    const { shape, values } = readNpy(await readFile(join(folder, 'f.npy')));
    expect(shape).toEqual([4, 10, 15]);
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, expect.closeTo(1, 5)]);
  });

  it.each([
    ['a name with a slash', ['../mine', '--layer', 'layer', ...statistics], /cannot be the name of a model/],
    ['the name of an extractor', ['gabor', '--layer', 'layer', ...statistics], /a built-in extractor/],
    ['no statistics', ['mine', '--layer', 'layer'], /--mean/],
    ['two numbers', ['mine', '--layer', 'layer', '--mean', '0.5,0.5', '--std', '1,1,1'], /three numbers/],
    ['a deviation of 0', ['mine', '--layer', 'layer', '--mean', '0,0,0', '--std', '1,0,1'], /above 0/],
    [
      'an unknown layer',
      ['mine', '--layer', 'layer9', ...statistics],
      /no layer "layer9".*: class, layer, inner/,
    ],
    [
      'a layer that is not a map',
      ['mine', '--layer', 'class', ...statistics],
      /The model \S+net\.onnx (failed on an input|makes)/,
    ],
    ['the name of another network', ['vgg19', '--layer', 'layer'], /4 channels at stride 2; vgg19 has 128/],
    [
      'a precision',
      ['mine', '--layer', 'layer', '--precision', 'int8', ...statistics],
      /precision apply to checkpoints only/,
    ],
  ])('is refused with %s, and leaves no files', async (_, [name, ...options], reason) => {
    const from = await file('net.onnx', network());
    const { code, stderr } = await perch('models', 'import', name, '--from', from, ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(reason);
    expect(await readdir(join(folder, 'home', 'models')).catch(() => [])).toEqual([]);
  });

  it('is refused if it is not an ONNX file', async () => {
    const from = await file('net.onnx', Buffer.from('text'));
    const { code, stderr } = await perch('models', 'import', 'mine', '--from', from, ...statistics);
    expect(code).toBe(1);
    expect(stderr).toMatch(/net\.onnx cannot be used as a backbone/);
  });
});

describe('a checkpoint that would run code', () => {
  it('is refused, runs nothing and leaves no files', async () => {
    const marker = join(folder, 'was-here');
    const from = await file('evil.pth', Buffer.from(`cos\nsystem\n(S'touch ${marker}'\ntR.`));
    const { code, stderr } = await perch('models', 'import', 'vgg19', '--from', from);
    expect(code).toBe(1);
    expect(stderr).toMatch(/evil\.pth was rejected: .*"os\.system"/);
    expect(await readdir(folder)).not.toContain('was-here');
    expect(await readdir(join(folder, 'home', 'models'))).toEqual([]);
  });
});

describe('the golden backbones', () => {
  /**
   * Largest difference as a fraction of the golden array's range. The golden array may contain only every
   * 16th channel.
   */
  async function deviation(path: string, golden: string): Promise<number> {
    const [actual, expected] = await Promise.all(
      [path, goldenPath(golden)].map(async (npy) => readNpy(await readFile(npy), npy)),
    );
    const plane = expected.shape.slice(-2).reduce((product, side) => product * side, 1);
    const step = actual.values.length / expected.values.length;
    let [low, high, largest] = [Infinity, -Infinity, 0];
    expected.values.forEach((value, i) => {
      const at = Math.floor(i / plane) * plane * step + (i % plane);
      low = Math.min(low, value);
      high = Math.max(high, value);
      largest = Math.max(largest, Math.abs(value - actual.values[at]));
    });
    return largest / (high - low);
  }
  const weave = goldenPath('weave.png');
  let wideResnet50: string;

  beforeEach(async () => {
    wideResnet50 = join(folder, 'wide_resnet50_2.random.pth');
    await writeWideResnet50(wideResnet50);
  });

  it.each([
    ['wide_resnet50', 'wide_resnet50_2.random.pth', 'weave.wide_resnet50.npy', 1e-3],
    ['vgg19', 'vgg19.random.pth', 'weave.vgg19.npy', 1e-3],
    ['vgg19', 'vgg19.random.safetensors', 'weave.vgg19.npy', 1e-3],
  ])('are matched: %s from %s', async (name, checkpoint, golden, tolerance) => {
    const from = checkpoint.startsWith('wide') ? wideResnet50 : goldenPath(checkpoint);
    const added = await perch('models', 'import', name, '--from', from);
    expect(added, added.stderr).toMatchObject({ code: 0 });
    const out = join(folder, 'features.npy');
    expect(await perch('extract', weave, '--extractor', name, '--out', out)).toMatchObject({ code: 0 });
    expect(await deviation(out, golden)).toBeLessThan(tolerance);
  });

  it.each([
    ['dinov2_vits14', 'dinov2', ['--network', 'dinov2']],
    ['mine', 'dinov2_reg', ['--network', 'dinov2']],
  ])('are matched: %s from the checkpoint %s', async (name, golden, options) => {
    const from = goldenPath(`${golden}.random.pth`);
    const added = await perch('models', 'import', name, '--from', from, ...options);
    expect(added, added.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/128 channels, stride 14 \(\d blocks, width 128.*license: unknown/),
    });
    const out = join(folder, 'features.npy');
    const picture = goldenPath('dinov2.image.png');
    expect(await perch('extract', picture, '--extractor', name, '--out', out)).toMatchObject({ code: 0 });
    expect(readNpy(await readFile(out)).shape).toEqual([128, 13, 17]);
    expect(await deviation(out, `${golden}.features.npy`)).toBeLessThan(2e-3);
  });

  it('of DINOv2 are refused under the name of another size', async () => {
    const from = goldenPath('dinov2_reg.random.pth');
    const { code, stderr } = await perch('models', 'import', 'dinov2_vitb14', '--from', from);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(
      /reg\.random\.pth has 2 blocks, width 128, 4 registers; dinov2_vitb14 has 12 blocks, width 768\..*--network/s,
    );
    expect((await perch('models', 'list')).stdout).toMatch(/dinov2_vitb14 +not imported/);
  });

  it('of DINOv2 return the blocks that are named, in a record', async () => {
    const from = goldenPath('dinov2.random.pth');
    const options = ['--network', 'dinov2', '--layers', '0,2'];
    const added = await perch('models', 'import', 'two', '--from', from, ...options);
    expect(added.stdout).toMatch(/256 channels, stride 14 \(3 blocks, width 128; blocks 0, 2 concatenated\)/);
    const record = await readFile(join(folder, 'home', 'models', 'two', 'model.json'), 'utf8');
    expect(JSON.parse(record)).toMatchObject({ channels: 256, layers: 2, preprocessing: { multiple: 14 } });
    const wrong = await perch(
      'models',
      'import',
      'far',
      '--from',
      from,
      '--network',
      'dinov2',
      '--layers',
      '7',
    );
    expect(wrong.stderr).toMatch(/no block "7"; its blocks are 0 to 2/);
  });

  it('are matched by an inspection with wide_resnet50', async () => {
    await perch('models', 'import', 'wide_resnet50', '--from', wideResnet50);
    const { code } = await perch('inspect', weave, '--extractor', 'wide_resnet50', '--out', folder);
    expect(code).toBe(0);
    expect(await deviation(join(folder, 'weave.map.npy'), 'weave.wide_resnet50.fca.T9.npy')).toBeLessThan(
      1e-3,
    );
  });
});

it.each([[[]], [['list']], [['download']], [['import']], [['verify']], [['remove']]])(
  'print help with examples: perch models %j',
  async (command) => {
    const { code, stdout } = await perch('models', ...command, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}perch models/);
  },
);

it('explains how to import a model offline', async () => {
  const { code, stderr } = await perch(
    'models',
    'download',
    'vgg19',
    '--mirror',
    'http://127.0.0.1:1/models',
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /Could not download \S+127\.0\.0\.1:1\/models\/vgg19-dcbb9e9d\.pth .*another machine/,
  );
});
