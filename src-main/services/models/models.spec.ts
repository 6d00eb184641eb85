import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GraphBuilder } from '../../../models/onnx/graph.ts';
import { float32 } from '../../../models/onnx/tensor.ts';
import type { ModelEvent } from '../../api/settings.ts';
import { EngineClient } from '../../engine/client.ts';
import { openModels } from './models.ts';

const signal = new AbortController().signal;
const engine = new EngineClient();
const models = openModels(engine);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-models-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => engine.close());

/** A file with a convolution of stride 2 in it. */
async function network(): Promise<string> {
  const graph = new GraphBuilder('net');
  const input = graph.input('pixels', 'float32', [1, 3, 'height', 'width']);
  const taps = Array.from({ length: 4 * 3 * 2 * 2 }, (_, i) => Math.cos(i));
  const kernel = graph.constant(float32([4, 3, 2, 2], taps));
  graph.output(graph.node('Conv', [input, kernel], { kernel_shape: [2, 2], strides: [2, 2] }), 'float32');
  const path = join(folder, 'net.onnx');
  await writeFile(path, graph.toBytes());
  return path;
}

const add = async (from: string, name = 'mine') =>
  models.add({ name, from, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] }, signal);

async function all(events: AsyncGenerator<ModelEvent>): Promise<ModelEvent[]> {
  const seen: ModelEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

describe('models', () => {
  it('known to Perch are listed with what they are and where they come from', async () => {
    const known = (await models.list(undefined, signal)).models;
    expect(known.map(({ name }) => name)).toContain('wide_resnet50');
    for (const model of known) expect(model).toMatchObject({ added: false, fetchable: true });
  });

  it('are added, verified, found damaged, and removed', async () => {
    const events = await all(await add(await network()));
    expect(events[0]).toMatchObject({ type: 'progress', done: 0 });
    const [mine] = (await models.list(undefined, signal)).models;
    expect(events.at(-1)).toEqual({ type: 'added', model: mine });
    expect(mine).toMatchObject({ name: 'mine', added: true, fetchable: false, source: 'net.onnx' });
    expect(mine.description).toMatch(/^4 channels, stride 2, as brought, /);
    expect(await models.verify({ name: 'mine' }, signal)).toEqual(mine);

    await writeFile(join(folder, 'home/models/mine/model.onnx'), 'other');
    expect(await models.verify({ name: 'mine' }, signal)).toMatchObject({
      problem: expect.stringContaining('checksum differs'),
    });
    await writeFile(join(folder, 'home/models/mine/model.json'), '{');
    expect((await models.list(undefined, signal)).models[0]).toMatchObject({
      name: 'mine',
      problem: expect.stringContaining('damaged'),
    });
    await models.remove({ name: 'mine' }, signal);
    await expect(models.verify({ name: 'mine' }, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are refused where the file is none, by an error that names it', async () => {
    const path = join(folder, 'text.onnx');
    await writeFile(path, 'no graph');
    await expect(all(await add(path))).rejects.toMatchObject({
      code: 'MODEL_UNUSABLE',
      message: expect.stringContaining(path),
    });
    await expect(all(await add(path, 'gabor'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('fetching a model', () => {
  it('is refused for a name that Perch does not know', async () => {
    await expect(async () => models.fetch({ name: 'alexnet' }, signal)).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
    });
  });

  it('tells its progress, runs once at a time, and ends when nobody listens', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 }).write(Buffer.alloc(1000));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('PERCH_MODELS_MIRROR', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const events = await models.fetch({ name: 'wide_resnet50' }, signal);
    expect((await events.next()).value).toMatchObject({ type: 'progress', done: 0, total: 1_000_000 });
    const second = await models.fetch({ name: 'wide_resnet50' }, signal);
    await expect(second.next()).rejects.toMatchObject({ code: 'CONFLICT' });
    await events.return();
    await vi.waitFor(async () => {
      const again = await models.fetch({ name: 'wide_resnet50' }, signal);
      expect((await again.next()).value).toMatchObject({ type: 'progress' });
      await again.return();
    });
    server.closeAllConnections();
    server.close();
  });
});
