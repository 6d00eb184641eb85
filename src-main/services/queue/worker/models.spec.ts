import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import { version } from '../../../platform/version.ts';
import { recordOf } from '../../../methods/extractors/test/model-record.ts';
import { scaledBy, writeModel } from '../test/scaling-model.ts';
import type { RequiredModel } from '../requirement.ts';
import { Capability } from './capability.ts';
import { ContentCache } from './content-cache.ts';
import { FetchedModels } from './fetched-models.ts';

let home: string;
let cache: ContentCache;
let models: FetchedModels;
const graphs = { mine: scaledBy(2), other: scaledBy(3) };
const SIZE = graphs.mine.length;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-fetched-'));
  vi.stubEnv('PERCH_HOME', home);
  await open();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

/** Opens a cache for two graphs, as a worker does at its start. */
async function open(limit = 2 * SIZE): Promise<void> {
  cache = await ContentCache.open(join(home, 'cache'), limit);
  models = new FetchedModels(cache);
  await models.removeUnused();
}

function required(graph: Uint8Array, name = 'mine'): RequiredModel {
  const { sha256, bytes } = recordOf(graph);
  return { name, sha256, bytes, record: JSON.stringify(recordOf(graph, name)) };
}

async function fetch(graph: Uint8Array, name?: string): Promise<void> {
  const model = required(graph, name);
  const path = await cache.use(model.sha256, model.bytes, async () => Readable.from([Buffer.from(graph)]));
  await models.add(model, path);
  cache.release(model.sha256);
}
const fileOf = (name: string) => join(home, 'models', name, 'model.onnx');

describe('models that a worker fetches', () => {
  it('are added once, also for tasks that start together', async () => {
    await Promise.all([fetch(graphs.mine), fetch(graphs.mine), fetch(graphs.mine)]);
    expect(await readFile(fileOf('mine'))).toEqual(Buffer.from(graphs.mine));
    expect(await readdir(join(home, 'models'))).toEqual(['mine']);
  });

  it('leave a model of this machine as it is', async () => {
    await writeModel(home, graphs.other);
    await fetch(graphs.mine);
    await open(0);
    expect(await readFile(fileOf('mine'))).toEqual(Buffer.from(graphs.other));
  });

  it('are removed once the cache has no room for them, and come back when they are needed', async () => {
    await fetch(graphs.mine);
    await fetch(graphs.other, 'other');
    await open();
    expect(existsSync(fileOf('mine')) && existsSync(fileOf('other'))).toBe(true);
    await open(SIZE);
    expect([existsSync(fileOf('mine')), existsSync(fileOf('other'))]).toEqual([false, true]);
    await fetch(graphs.mine);
    expect(existsSync(fileOf('mine'))).toBe(true);
    await fetch(scaledBy(4), 'third');
    expect((await readdir(join(home, 'models'))).sort()).not.toContain('other');
  });
});

describe('what a worker can do', () => {
  const engine = {
    request: async () => ({ providers: [{ provider: 'cuda', usable: false, reason: 'There is no GPU.' }] }),
  } as unknown as EngineClient;
  const lackOf = (change: object) =>
    new Capability(engine).lackOf({ version, provider: null, model: null, ...change });

  it('includes models that it lacks, because hosts have them', async () => {
    expect(await lackOf({})).toBeUndefined();
    expect(await lackOf({ model: required(graphs.mine) })).toBeUndefined();
    await writeModel(home, graphs.mine);
    expect(await lackOf({ model: required(graphs.mine) })).toBeUndefined();
  });

  it('excludes another version, provider, or model with the same name, and it says which', async () => {
    expect(await lackOf({ version: '0.0.1' })).toMatch(/need Perch 0\.0\.1, and this is/);
    expect(await lackOf({ provider: 'cuda' })).toMatch(/provider cuda.*There is no GPU/);
    await writeModel(home, graphs.other);
    expect(await lackOf({ model: required(graphs.mine) })).toMatch(/another model with the name mine/);
    const { record } = required(graphs.other);
    const different = {
      ...required(graphs.other),
      record: record.replace('"scaled":true', '"scaled":false'),
    };
    expect(await lackOf({ model: different })).toMatch(/another model with the name mine/);
  });
});
