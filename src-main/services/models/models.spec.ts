import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GraphBuilder } from '../../models/onnx/graph.ts';
import { float32 } from '../../models/onnx/tensor.ts';
import { withExternalWeights } from '../../models/onnx/test/external.ts';
import { messageField } from '../../models/onnx/protobuf-fields.ts';
import type { ModelEvent } from '../../common/api/models.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import type { AuditTable } from '../../store/audit.ts';
import { openModels } from './models.ts';

const signal = new AbortController().signal;
const engine = new EngineClient();
const audit = { add: vi.fn<AuditTable['add']>() };
const models = openModels(engine, audit);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-models-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
});
afterEach(async () => {
  audit.add.mockReset();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => engine.close());

/** Writes a model with a convolution of stride 2. */
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
  models.import({ kind: 'features', name, from, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] }, signal);

async function all(events: AsyncGenerator<ModelEvent>): Promise<ModelEvent[]> {
  const seen: ModelEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

describe('models', () => {
  it('known to Perch are listed with their description and source', async () => {
    const known = (await models.list(undefined, signal)).models;
    expect(known.map(({ name }) => name)).toContain('wide_resnet50');
    for (const model of known) expect(model).toMatchObject({ imported: false, downloadable: true });
  });

  it('name an architecture that checkpoints are built of', async () => {
    const { models: known, architectures } = await models.list(undefined, signal);
    const names = architectures.map(({ name }) => name);
    for (const { architecture } of known) expect(names).toContain(architecture);
  });

  it('are imported, verified, detected as damaged, and removed', async () => {
    const events = await all(await add(await network()));
    expect(events[0]).toMatchObject({ type: 'progress', done: 0 });
    const [mine] = (await models.list(undefined, signal)).models;
    expect(events.at(-1)).toEqual({ type: 'imported', model: mine });
    expect(mine).toMatchObject({ name: 'mine', imported: true, downloadable: false, source: 'net.onnx' });
    expect(mine.description).toMatch(/^4 channels, stride 2, original precision, /);
    expect(await models.verify({ name: 'mine' }, signal)).toEqual(mine);
    const subject = { type: 'model', id: 'mine', name: mine.title } as const;
    const { kind, sha256, bytes, source } = mine;
    expect(audit.add.mock.calls).toEqual([[subject, 'added', { after: { kind, sha256, bytes, source } }]]);

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
    expect(audit.add).toHaveBeenLastCalledWith(
      expect.objectContaining({ type: 'model', id: 'mine' }),
      'removed',
      expect.anything(),
    );
  });

  it('are refused if the file is not a model, with an error that names it', async () => {
    const path = join(folder, 'text.onnx');
    await writeFile(path, 'no graph');
    await expect(all(await add(path))).rejects.toMatchObject({
      code: 'MODEL_UNUSABLE',
      message: expect.stringContaining(path),
    });
    await expect(all(await add(path, 'gabor'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a file that is truncated or not a model', () => {
  it.each([
    ['a web page', 'net.onnx', '<!DOCTYPE html>\n<html>', /net\.onnx is not a model: it is a web page/],
    ['a web page of weights', 'net.pth', '\n <html lang="en">', /net\.pth is not a model: it is a web page/],
    ['a Git LFS pointer', 'net.onnx', 'version https://git-lfs.github.com/spec/v1\noid', /git lfs pull/],
    ['a Git LFS pointer to weights', 'net.pth', 'version https://git-lfs.github.com/spec/v1', /git lfs pull/],
    ['nothing', 'net.onnx', '', /it is empty/],
    ['a packed file', 'net.onnx', '\x1f\x8b\x08\x00', /Decompress it first/],
    ['text', 'net.pth', 'some text', /neither a PyTorch checkpoint nor a safetensors file/],
  ])('is refused with the reason: %s', async (_, name, content, reason) => {
    const path = join(folder, name);
    await writeFile(path, content, 'latin1');
    const given = name.endsWith('.pth')
      ? models.import({ kind: 'checkpoint', name: 'vgg19', from: path }, signal)
      : add(path);
    await expect(all(await given)).rejects.toThrow(reason);
  });

  it('is refused as truncated', async () => {
    const path = await network();
    await writeFile(path, (await readFile(path)).subarray(0, 150));
    await expect(all(await add(path))).rejects.toThrow(/net\.onnx .*it is truncated or damaged/);
  });

  it.skipIf(process.platform === 'win32')('is refused without waiting if it is a pipe', async () => {
    for (const [name, file] of [
      ['mine', 'pipe.onnx'],
      ['vgg19', 'pipe.pth'],
    ]) {
      execFileSync('mkfifo', [join(folder, file)]);
      await expect(
        all(await models.import({ kind: 'checkpoint', name, from: join(folder, file) }, signal)),
      ).rejects.toThrow(/pipe\.(onnx|pth) is not a model: it is not a regular file/);
    }
  });
});

describe('a graph with its weights in a separate file', () => {
  it('is imported with the weights embedded', async () => {
    const path = await network();
    const { model, weights } = withExternalWeights(await readFile(path), 'net.data');
    await writeFile(path, model);
    await expect(all(await add(path))).rejects.toThrow(/net\.data, which does not exist/);
    await writeFile(join(folder, 'net.data'), weights);
    const [added] = (await all(await add(path))).slice(-1);
    expect(added).toMatchObject({ type: 'imported', model: { name: 'mine' } });
    await rm(join(folder, 'net.data'));
    expect(await models.verify({ name: 'mine' }, signal)).not.toHaveProperty('problem');
  });
});

describe('malicious files', () => {
  it('are refused with an error that names them, and the host keeps running', async () => {
    const node = (...names: string[]) =>
      messageField(1, Buffer.concat(names.map((name, at) => messageField(at + 1, Buffer.from(name)))));
    const model = (nodes: Uint8Array) => {
      const value = (number: number, name: string) =>
        messageField(number, messageField(1, Buffer.from(name)));
      const graph = Buffer.concat([nodes, node('x', 'y'), value(11, 'x'), value(12, 'y')]);
      return Buffer.concat([Buffer.from([0x08, 8]), messageField(7, graph)]);
    };
    const items = 200_000;
    const bomb = `](${'))\x86'.repeat(items)}eq\x00`;
    const call = 'ccollections\nOrderedDict\n(h\x00tR';
    const bombs: [string, Uint8Array][] = [
      ['nodes.onnx', model(Buffer.alloc(20_000_000, Buffer.from([0x0a, 0])))],
      ['chain.onnx', model(Buffer.alloc(300_000 * node('x', 'x').length, node('x', 'x')))],
      ['dicts.pth', Buffer.from(`\x80\x02](${bomb}${call.repeat(20_000)}e.`, 'latin1')],
    ];
    const delay = monitorEventLoopDelay({ resolution: 5 });
    for (const [name, bytes] of bombs) {
      const path = join(folder, name);
      await writeFile(path, bytes);
      const before = process.cpuUsage();
      const start = performance.now();
      delay.enable();
      const given = name.endsWith('.pth')
        ? models.import({ kind: 'checkpoint', name: 'vgg19', from: path }, signal)
        : add(path);
      await expect(all(await given)).rejects.toThrow(name);
      delay.disable();
      expect(performance.now() - start).toBeLessThan(20_000);
      // Neither value depends on the load of the machine.
      expect(delay.percentile(50) / 1e6).toBeLessThan(50);
      expect(process.cpuUsage(before).user / 1e6).toBeLessThan(1);
    }
  });
});

describe('downloading a model', () => {
  it('is refused for an unknown name', async () => {
    await expect(async () => models.download({ name: 'alexnet' }, signal)).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
    });
  });

  it('reports progress, runs once at a time, and stops without a listener', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 }).write(Buffer.alloc(1000));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('PERCH_MODELS_MIRROR', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const events = await models.download({ name: 'wide_resnet50' }, signal);
    expect((await events.next()).value).toMatchObject({ type: 'progress', done: 0, total: 1_000_000 });
    const second = await models.download({ name: 'wide_resnet50' }, signal);
    await expect(second.next()).rejects.toMatchObject({ code: 'CONFLICT' });
    await events.return();
    await vi.waitFor(async () => {
      const again = await models.download({ name: 'wide_resnet50' }, signal);
      expect((await again.next()).value).toMatchObject({ type: 'progress' });
      await again.return();
    });
    server.closeAllConnections();
    server.close();
  });
});
