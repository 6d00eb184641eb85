import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { GraphBuilder } from '../models/onnx/graph.ts';
import { EngineClient } from './client/engine-client.ts';

const root = join(import.meta.dirname, '../..');
let engine: EngineClient;

beforeAll(async () => {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const options = ['build', '--app', '--config', 'vite.electron.config.ts', '--logLevel', 'warn'];
  await promisify(execFile)(process.execPath, [vite, ...options], { cwd: root });
}, 300_000);

afterEach(async () => {
  await engine.close();
  vi.unstubAllEnvs();
});

const open = () => (engine = new EngineClient({ entry: join(root, 'dist/engine/main.mjs') }));

describe('the built engine', () => {
  it('reports the same reasons as its source for unusable providers', async () => {
    const { providers } = await open().request('probeProviders', {});
    await engine.close();
    const source = await (engine = new EngineClient()).request('probeProviders', {});
    expect(providers).toEqual(source.providers);
    expect(providers).toContainEqual({ provider: 'cpu', usable: true });
    const webgpu = providers.find(({ provider }) => provider === 'webgpu');
    if (webgpu?.usable === false) expect(webgpu.reason).toMatch(/adapter|not available|no webgpu provider/i);
  }, 180_000);

  it('reads and probes models within a memory limit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'perch-built-'));
    const graph = new GraphBuilder('net');
    const x = graph.input('x', 'float32', [1, 3, 'h', 'w']);
    graph.output(graph.node('Relu', [x], {}, 'y'), 'float32');
    const [path, to, page] = ['net.onnx', 'read.onnx', 'page.pth'].map((name) => join(folder, name));
    await writeFile(path, graph.toBytes());
    await writeFile(page, '<!DOCTYPE html>');
    engine = new EngineClient({ entry: join(root, 'dist/engine/main.mjs'), memoryLimit: 768 * 2 ** 20 });
    const { built } = await engine.request('readModel', { path, to, layer: undefined });
    expect(built).toBeUndefined();
    const probed = { file: to, normalization: null, scaled: false };
    expect(await engine.request('probeModel', { graph: probed })).toMatchObject({ channels: 3, stride: 1 });
    await expect(
      engine.request('readModel', { path: page, to, network: 'vgg19', precision: 'float32' }),
    ).rejects.toThrow(/it is a web page/);
    await rm(folder, { recursive: true, force: true });
  }, 180_000);

  it('starts and probes providers regardless of NODE_OPTIONS', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require /nowhere.js');
    const { providers } = await open().request('probeProviders', {});
    for (const { reason = '' } of providers) expect(reason).not.toMatch(/nowhere|exit code/);
  }, 180_000);
});
