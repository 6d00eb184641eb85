import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { build, configure, missingPrograms, nativeSource } from '../../native/test/toolchain.ts';
import type { AnyMethod, ProviderChoice } from '../common/api/schemas.ts';
import { programPath } from '../files/programs.ts';
import { openCudaDevice } from '../methods/backend/cuda-device.ts';
import { loadNativeBackend } from '../methods/backend/native-backend.ts';
import { mulberry32 } from '../methods/prng.ts';
import { deviceLabel, isStatisticOnCuda } from '../services/inspections/device-label.ts';
import { EngineClient } from './client/engine-client.ts';

// The real kernels, on an emulated device, in a library with the interface of the one that nvcc builds. Its fibers need Linux.
const canRun =
  process.platform === 'linux' &&
  loadNativeBackend() !== undefined &&
  missingPrograms(['cmake', 'c++']).length === 0;
const output = join(nativeSource, 'build/emulated');
const library = join(output, 'Release/perch_cuda_emulated.so');
const start = join(import.meta.dirname, '../hosts/cli/start.js');
const run = promisify(execFile);

const fca: AnyMethod = { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 5 };
let folder: string;
let image: string;
let large: string;
let engine: EngineClient;

describe.runIf(canRun)('the CUDA kernels in the engine', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    expect(configure(output, []) && build(output, 'perch_cuda_emulated')).toBe(true);
    folder = await mkdtemp(join(tmpdir(), 'perch-cuda-'));
    [image, large] = ['small.png', 'large.png'].map((name) => join(folder, name));
    await writeNoise(image, 64);
    await writeNoise(large, 256);
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  afterEach(async () => {
    await engine?.close();
    vi.unstubAllEnvs();
  });

  it('are probed', async () => {
    open();
    const { statistic } = await engine.request('probeProviders', {});
    expect(statistic).toEqual({ usable: true, device: 'emulated, compute capability 0.0' });
  });

  it.each([
    ['median', fca],
    ['median, SWW', { ...fca, statistic: 'sww' }],
    ['k-NN', { ...fca, reference: 'knn:20' }],
  ] as [string, AnyMethod][])('compute the map of the CPU: %s', async (_, method) => {
    open();
    const [found, expected] = [await inspect(method, 'auto'), await inspect(method, 'cpu')];
    expect(found.statisticDevice).toBe('emulated (CUDA)');
    expect(expected.statisticDevice).toBeUndefined();
    expect(deviationOf(found.placed.map.values, expected.placed.map.values)).toBeLessThan(1e-5);
  });

  it('are the device of statistics, unless the CPU is chosen', async () => {
    open();
    const on = async (provider: ProviderChoice) =>
      (await engine.request('statisticDevice', { provider })).name;
    expect(await on('auto')).toBe('emulated');
    expect(await on('cpu')).toBeNull();
  });

  it('copy the features of an image to the device once', async () => {
    vi.stubEnv('PERCH_CUDA_LIBRARY', library);
    const image = openCudaDevice().createImage();
    const random = mulberry32(1);
    const values = Float32Array.from({ length: 2 * 15 * 12 }, random);
    const features = { values, channels: 2, height: 15, width: 12 };
    const execution = { threads: 1 };
    const reference = await image.medianReference(features, 5, execution);
    const map = () => image.fca(features, reference, { patchSize: 5, sigmaP: 3, sigmaS: 1 }, execution);
    const expected = await map();
    values.reverse();
    expect(await map()).toEqual(expected);
    image.close();
    expect(await map()).not.toEqual(expected);
    const other = { ...features, values: values.toReversed() };
    expect(await image.medianReference(other, 5, execution)).toEqual(reference);
  });

  it('leave to the CPU what has no kernel, and say what ran where', async () => {
    open();
    const qfca = await inspect({ ...fca, statistic: 'qfca' }, 'auto');
    const cpu = engine.info?.device;
    expect(qfca.statisticDevice).toBe(`${cpu}; reference on emulated (CUDA)`);
    const moments = await inspect({ ...fca, statistic: 'moments', reference: 'global' }, 'auto');
    expect(moments.statisticDevice).toBeUndefined();
    const random = await inspect({ ...fca, reference: 'random:3' }, 'auto');
    expect(random.statisticDevice).toBeUndefined();
  });

  it('leave a map that exceeds their memory to the CPU, and remain in use', async () => {
    open({ EMULATED_MEMORY: '400000' });
    const map = await inspect(fca, 'auto', large);
    expect(map.statisticDevice).toMatch(
      /^CPU, .+, because CUDA failed: Allocating \d+ bytes: out of memory\.$/,
    );
    const expected = await inspect(fca, 'cpu', large);
    expect(map.placed.map.values).toEqual(expected.placed.map.values);
    expect((await inspect({ ...fca, extractor: 'colors' }, 'auto')).statisticDevice).toBe('emulated (CUDA)');
    expect(engine.info?.warnings).toEqual([]);
  });

  it('are not used again after a failure, which is a warning', async () => {
    open({ EMULATED_SYNCHRONIZATIONS: '16' });
    const devices = [];
    for (let i = 0; i < 8; i++) devices.push((await inspect(fca, 'auto')).statisticDevice);
    expect(devices[0]).toBe('emulated (CUDA)');
    expect(devices.filter((device) => device?.includes('launch failure'))).toHaveLength(1);
    expect(devices.at(-1)).toBeUndefined();
    expect(engine.info?.warnings.join()).toMatch(/CUDA failed: Running a kernel: launch failure/);
    const { statistic } = await engine.request('probeProviders', {});
    expect(statistic.usable).toBe(false);
  });

  it('crash the probe only', async () => {
    open({ EMULATED_CRASH: '1' });
    const { statistic } = await engine.request('probeProviders', {});
    expect(statistic).toEqual({ usable: false, reason: 'The test process ended with SIGABRT.' });
    expect((await inspect(fca, 'auto')).statisticDevice).toBeUndefined();
    expect(engine.info?.warnings).toEqual([]);
    await inspect(fca, 'cuda');
    expect(engine.info?.warnings.join()).toMatch(/kernels cannot be used.*SIGABRT/);
  });

  it('say why a file is not their library', async () => {
    const text = join(folder, 'text.so');
    await writeFile(text, 'no library');
    open({ PERCH_CUDA_LIBRARY: text });
    const { statistic } = await engine.request('probeProviders', {});
    expect(statistic.reason).toMatch(/^The library cannot be loaded: .*text\.so/);
  });

  it('say that they were not built', async () => {
    open({ PERCH_CUDA_LIBRARY: join(folder, 'nowhere.so') });
    const { statistic } = await engine.request('probeProviders', {});
    expect(statistic.reason).toMatch(/^Its library was not built\. .*build:native:cuda/);
    expect((await inspect(fca, 'auto')).statisticDevice).toBeUndefined();
  });

  it('can be canceled', async () => {
    open();
    const controller = new AbortController();
    const running = inspect({ ...fca, patchSize: 9 }, 'auto', large, {
      signal: controller.signal,
      onProgress: ({ stage }) => {
        if (stage === 'reference') controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'CANCELED' });
  });

  it('are measured by the bench', async () => {
    const env = { ...process.env, PERCH_CUDA_LIBRARY: library };
    const child = fork(programPath('benchWorker'), ['cuda', '1'], { execArgv: [], env });
    const [measured] = await once(child, 'message');
    expect(measured).toMatchObject({ name: 'statistic, cuda (emulated)', runs: 1 });
  });

  it('appear in the doctor and in results of the command line', async () => {
    const env = { ...process.env, PERCH_CUDA_LIBRARY: library, PERCH_HOME: join(folder, 'home') };
    const options = { env, timeout: 100_000 };
    const doctor = await run(process.execPath, [start, 'doctor', '--json'], options);
    const { diagnostics } = JSON.parse(doctor.stdout);
    expect(diagnostics).toContainEqual({
      topic: 'CUDA kernels',
      found: 'works on emulated, compute capability 0.0; compiled and emulated, not run on a GPU',
      optional: true,
    });
    const parameters = ['inspect', image, '--out', join(folder, 'out'), '--patch-size', '5', '--json'];
    const inspected = await run(process.execPath, [start, ...parameters], options);
    expect(inspected.stdout).toMatch(/"device": ?"extractor on CPU, [^"]+; emulated \(CUDA\)"/);
  });
});

it('labels the devices of a result', () => {
  const cpu = 'CPU, AVX2, 2 threads';
  expect(deviceLabel({ provider: 'cpu' }, cpu)).toBe(cpu);
  expect(deviceLabel({ provider: 'cuda' }, cpu)).toBe(`extractor on CUDA; ${cpu}`);
  expect(deviceLabel({ provider: 'cuda', statisticDevice: 'X (CUDA)' }, cpu)).toBe(
    'extractor on CUDA; X (CUDA)',
  );
  expect(deviceLabel({ provider: 'cpu', statisticDevice: 'X (CUDA)' }, cpu)).toBe(
    `extractor on ${cpu}; X (CUDA)`,
  );
  const failed = `${cpu}, because CUDA failed: no memory.`;
  expect(deviceLabel({ provider: 'cpu', statisticDevice: failed }, cpu)).toBe(failed);
  const labels = [cpu, failed, `${cpu}; reference on X (CUDA)`, `extractor on CUDA; ${cpu}`];
  expect(labels.filter(isStatisticOnCuda)).toEqual([]);
  expect(['extractor on CUDA; X (CUDA)', `extractor on ${cpu}; X (CUDA)`].every(isStatisticOnCuda)).toBe(
    true,
  );
});

/** Starts an engine with the emulated kernels. */
function open(environment: Record<string, string> = {}): void {
  vi.stubEnv('PERCH_CUDA_LIBRARY', library);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  engine = new EngineClient();
}

function inspect(
  method: AnyMethod,
  provider: ProviderChoice,
  path = image,
  options: Parameters<EngineClient['request']>[2] = {},
) {
  return engine.request('inspect', { path, method, maxPixels: 1e6, provider }, options);
}

async function writeNoise(path: string, side: number): Promise<void> {
  const random = mulberry32(side);
  const pixels = Uint8Array.from({ length: 3 * side * side }, () => 256 * random());
  await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toFile(path);
}

function deviationOf(found: Float32Array, expected: Float32Array): number {
  const range = Math.max(...expected) - Math.min(...expected);
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]))) / range;
}
