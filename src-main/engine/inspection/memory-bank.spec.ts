import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InspectionRegion } from '../../common/api/regions.ts';
import { messageField } from '../../models/onnx/protobuf-fields.ts';
import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
import type { Patches } from '../../methods/patchcore/patches.ts';
import { SessionPool } from '../inference/onnx-sessions.ts';
import { getMemoryBank } from './memory-bank.ts';

const graphs = new SessionPool(1);
const execution = { threads: 1 };
let folder: string;
let normal: string[];

/** An image of one red value whose green values all differ. */
function shaded(red: number, side = 16): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: 3 * side * side }, (_, i) => [red, (i / 3) % 256, 50][i % 3]);
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

const request = (bank: number, paths = normal) => ({
  method: { extractor: 'colors', coresetRatio: bank },
  normal: paths.map((path) => ({ path })),
  maxPixels: 1e6,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-bank-'));
  normal = ['a.png', 'b.png'].map((name) => join(folder, name));
  await writeFile(normal[0], await shaded(0));
  await writeFile(normal[1], await shaded(255));
});
afterAll(async () => {
  delete process.env.PERCH_HOME;
  await rm(folder, { recursive: true, force: true });
});

describe('the memory bank', () => {
  it('holds the requested ratio of all positions, with some of every kind', async () => {
    const bank = await getMemoryBank(request(0.01), graphs, execution);
    expect([bank.count, bank.length]).toEqual([5, 3]);
    const reds = new Set(Array.from({ length: 5 }, (_, i) => bank.values[3 * i]));
    expect([...reds].sort()).toEqual([0, 1]);
  });

  it('is built once for the same files and method, and again if either differs', async () => {
    const first = await getMemoryBank(request(0.02), graphs, execution);
    expect(await getMemoryBank(request(0.02), graphs, execution)).toBe(first);
    expect(await getMemoryBank(request(0.03), graphs, execution)).not.toBe(first);
    const again = await getMemoryBank(request(0.02), graphs, execution);
    expect(again.values).toEqual(first.values);
    await writeFile(normal[1], await shaded(128, 20));
    const changed = await getMemoryBank(request(0.02), graphs, execution);
    expect([...changed.values].some((value) => Math.abs(value - 128 / 255) < 1e-6)).toBe(true);
  });

  it('holds only positions inside the inspection region', async () => {
    const region = { include: [], exclude: [], border: 0 };
    const image = join(folder, 'half.png');
    const pixels = Uint8Array.from({ length: 3 * 20 * 20 }, (_, i) =>
      i % 3 === 0 && Math.floor(i / 3) % 20 >= 10 ? 255 : 0,
    );
    await sharp(pixels, { raw: { width: 20, height: 20, channels: 3 } }).toFile(image);
    const of = (inspected: InspectionRegion) =>
      getMemoryBank({ ...request(0.1), normal: [{ path: image }], region: inspected }, graphs, execution);
    const redsOf = ({ values, count }: Patches) =>
      new Set(Array.from({ length: count }, (_, i) => values[3 * i].toFixed(2)));
    const right = { type: 'rectangle', left: 10, top: 0, width: 10, height: 20 } as const;
    expect(redsOf(await of({ ...region, include: [right] }))).toEqual(new Set(['1.00']));
    expect(redsOf(await of({ ...region, exclude: [right] }))).toEqual(new Set(['0.00']));
    expect(redsOf(await of(region)).size).toBeGreaterThan(1);
  });

  it('is built again after the model behind the name was replaced', async () => {
    process.env.PERCH_HOME = folder;
    const gabor = await readFile(new URL('../../../models/gabor.onnx', import.meta.url));
    const add = async (note: string) => {
      // A different doc_string changes the file, but not the model.
      const graph = Buffer.concat([gabor, messageField(6, Buffer.from(note))]);
      const sha256 = createHash('sha256').update(graph).digest('hex');
      const record: BackboneRecord = {
        format: 1,
        name: 'mine',
        title: '',
        sha256,
        bytes: graph.length,
        precision: 'as brought',
        channels: 67,
        stride: 4,
        preprocessing: { normalization: null, scaled: true },
        bytesPerPixel: 160,
        source: { file: '', sha256, publisher: '' },
        license: '',
        addedAt: new Date().toISOString(),
      };
      await mkdir(join(folder, 'models/mine'), { recursive: true });
      await writeFile(join(folder, 'models/mine/model.onnx'), graph);
      await writeFile(join(folder, 'models/mine/model.json'), JSON.stringify(record));
    };
    const bank = () =>
      getMemoryBank(
        { ...request(0.5), method: { extractor: 'mine', coresetRatio: 0.5, resize: 64 } },
        graphs,
        execution,
      );
    await add('a');
    const first = await bank();
    expect(await bank()).toBe(first);
    await add('b');
    expect(await bank()).not.toBe(first);
  });

  it('has a bounded size for any number of positions', async () => {
    const limits = { candidates: 60, chosen: 40 };
    expect((await getMemoryBank(request(1), graphs, execution, limits)).count).toBe(40);
    expect((await getMemoryBank(request(1), graphs, execution, { ...limits, chosen: 80 })).count).toBe(60);
  });

  it('names the file that cannot be read', async () => {
    const missing = join(folder, 'missing.png');
    const building = getMemoryBank(request(0.1, [missing]), graphs, execution);
    await expect(building).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(missing),
    });
  });

  it('requires normal images', async () => {
    await expect(getMemoryBank(request(0.1, []), graphs, execution)).rejects.toThrow(/normal images/);
  });

  it('stops after cancellation, and is built by the next call', async () => {
    const reason = new Error('enough');
    const building = getMemoryBank(request(0.5), graphs, { ...execution, signal: AbortSignal.abort(reason) });
    await expect(building).rejects.toBe(reason);
    expect((await getMemoryBank(request(0.5), graphs, execution)).count).toBeGreaterThan(100);
  });
});
