import { mkdir, mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GraphBuilder } from '../../models/onnx/graph.ts';
import { float32, int64 } from '../../models/onnx/tensor.ts';
import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
import { DEFAULT_INPUT } from '../../methods/extractors/model-input.ts';
import { recordOf } from '../../methods/extractors/test/model-record.ts';
import type { NetworkRecord } from '../../methods/networks/network-record.ts';
import { EngineClient } from '../client/engine-client.ts';

let dataDir: string;
let image: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'perch-models-'));
  vi.stubEnv('PERCH_HOME', dataDir);
  image = join(dataDir, 'image.png');
  const pixels = Uint8Array.from({ length: 3 * 64 * 48 }, (_, i) => (i * i * 7 + i) % 256);
  await sharp(pixels, { raw: { width: 64, height: 48, channels: 3 } }).toFile(image);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dataDir, { recursive: true, force: true });
});

const modelFile = () => join(dataDir, 'models/mine/model.onnx');

async function add(graph: Uint8Array, more: object = {}): Promise<void> {
  const record = { ...recordOf(graph), ...more };
  await mkdir(join(dataDir, 'models/mine'), { recursive: true });
  await writeFile(modelFile(), graph);
  await writeFile(join(dataDir, 'models/mine/model.json'), JSON.stringify(record));
}

function scaledBy(factor: number): Uint8Array {
  const graph = new GraphBuilder('net');
  const x = graph.input('x', 'float32', [1, 3, 'h', 'w']);
  graph.output(graph.node('Mul', [x, graph.constant(float32([], [factor]))], {}, 'y'), 'float32');
  return graph.toBytes();
}

/** A model that adds 0 to its input in an endless loop. */
function endless(): Uint8Array {
  const graph = new GraphBuilder('net');
  const x = graph.input('x', 'float32', [1, 3, 'h', 'w']);
  const yes = graph.constant({ type: 'bool', dims: [], bytes: Uint8Array.of(1) }, 'yes');
  const body = graph.subgraph('body', (inner) => {
    inner.input('round', 'int64', []);
    const on = inner.input('on', 'bool', []);
    const before = inner.input('before', 'float32', [1, 3, 'h', 'w']);
    inner.output(inner.node('Identity', [on], {}, 'still_on'), 'bool', []);
    inner.output(inner.node('Add', [before, inner.constant(float32([], [0]))], {}, 'after'), 'float32');
  });
  const rounds = graph.constant(int64([Number.MAX_SAFE_INTEGER], []));
  graph.output(graph.node('Loop', [rounds, yes, x], { body }, 'y'), 'float32');
  return graph.toBytes();
}

let side = 32;

/** Extracts at a new size each time, so that the feature cache never matches. */
const extract = (engine: EngineClient, extractor: string) =>
  engine.request('extract', { path: image, extractor, resize: ++side, maxPixels: 1e6, provider: 'cpu' });

describe('an added model', () => {
  it('is rejected after its file was replaced, even with the same size and time', async () => {
    await add(scaledBy(1));
    await using engine = disposableEngine();
    await expect(extract(engine.client, 'mine')).resolves.toBeDefined();
    const { atime, mtime } = await stat(modelFile());
    const rejected = {
      code: 'MODEL_UNUSABLE',
      message: expect.stringMatching(/model\.onnx is not the imported model.*SHA-256/),
    };
    await writeFile(modelFile(), scaledBy(2));
    await utimes(modelFile(), atime, mtime);
    await expect(extract(engine.client, 'mine')).rejects.toMatchObject(rejected);

    await writeFile(join(dataDir, 'other'), scaledBy(3));
    await utimes(join(dataDir, 'other'), atime, mtime);
    await rename(join(dataDir, 'other'), modelFile());
    await expect(extract(engine.client, 'mine')).rejects.toMatchObject(rejected);

    await writeFile(modelFile(), scaledBy(1));
    await expect(extract(engine.client, 'mine')).resolves.toBeDefined();
  });

  it('that never ends is stopped at its time limit, and other requests continue', async () => {
    vi.stubEnv('PERCH_MODEL_SECONDS', '2');
    await add(endless());
    await using engine = disposableEngine();
    const stuck = extract(engine.client, 'mine');
    const other = extract(engine.client, 'colors');
    await expect(stuck).rejects.toMatchObject({
      code: 'MODEL_UNUSABLE',
      message: expect.stringMatching(/model\.onnx was stopped after 2 seconds/),
    });
    await expect(other).resolves.toBeDefined();
  });
});

describe('a network that computes anomaly maps', () => {
  it('and never ends is stopped at its time limit, and other inspections continue', async () => {
    vi.stubEnv('PERCH_MODEL_SECONDS', '2');
    await add(endless(), { kind: 'map', ...NETWORK });
    await using engine = disposableEngine();
    const inspection = { path: image, maxPixels: 1e6, provider: 'cpu' } as const;
    const stuck = engine.client.request('inspect', { ...inspection, method: { network: 'mine' } });
    const other = engine.client.request('inspect', { ...inspection, method: { baseline: 'saliency-rc' } });
    await expect(stuck).rejects.toMatchObject({
      code: 'MODEL_UNUSABLE',
      message: expect.stringMatching(/model\.onnx was stopped after 2 seconds/),
    });
    await expect(other).resolves.toBeDefined();
  });
});

const NETWORK: Omit<NetworkRecord, keyof BackboneRecord> = {
  input: DEFAULT_INPUT,
  normalization: null,
  size: null,
  mapOutput: 'y',
  scoreOutput: null,
  notes: [],
  secondsPerPixel: 0,
};

function disposableEngine(): AsyncDisposable & { client: EngineClient } {
  const client = new EngineClient();
  return { client, [Symbol.asyncDispose]: () => client.close() };
}
