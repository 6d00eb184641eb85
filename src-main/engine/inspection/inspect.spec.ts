import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyMethod } from '../../common/api/schemas.ts';
import type { ModelRunner } from '../../methods/extractors/extractor.ts';
import { mulberry32 } from '../../methods/prng.ts';
import { SessionPool } from '../inference/onnx-sessions.ts';
import { inspect } from './inspect.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';
import { handlerContext } from '../runtime/test/context.ts';

let folder: string;
let path: string;
let other: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-inspect-'));
  [path, other] = ['a.png', 'b.png'].map((name) => join(folder, name));
  await writeFile(path, await noise(1));
  await writeFile(other, await noise(2));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function noise(seed: number, side = 48): Promise<Buffer> {
  const random = mulberry32(seed);
  const pixels = Uint8Array.from({ length: 3 * side * side }, () => 256 * random());
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

/** Counts the runs of models. */
class CountedGraphs implements ModelRunner {
  readonly #runner = new SessionPool(1);
  count = 0;

  run(...graph: Parameters<ModelRunner['run']>) {
    this.count++;
    return this.#runner.run(...graph);
  }
}

const statistics: AnyMethod[] = [
  { extractor: 'random:3', statistic: 'fca', reference: 'median', patchSize: 5 },
  { extractor: 'random:3', statistic: 'sww', reference: 'mean', patchSize: 5 },
  { extractor: 'random:3', statistic: 'moments', reference: 'global', patchSize: 7 },
  { extractor: 'random:3', statistic: 'histogram', reference: 'global', patchSize: 5 },
  { extractor: 'random:3', statistic: 'aota', reference: 'knn:3', patchSize: 5 },
];
const run = (context: HandlerContext, method: AnyMethod, image = path) =>
  inspect({ path: image, method, maxPixels: 1e6, provider: 'cpu' }, context);

describe('methods that share features', () => {
  it('extract them once, and compute the same maps, bit for bit, as on their own', async () => {
    const runner = new CountedGraphs();
    const context = handlerContext({ runner });
    const together = await Promise.all(statistics.map((method) => run(context, method)));
    expect(runner.count).toBe(1);
    for (const [at, method] of statistics.entries()) {
      const alone = await run(handlerContext({ runner }), method);
      expect(together[at].placed).toEqual(alone.placed);
    }
  });

  it('each report how long the extraction took', async () => {
    const context = handlerContext({ runner: new CountedGraphs() });
    const [first, second] = [await run(context, statistics[0]), await run(context, statistics[2])];
    expect(second.seconds.extract).toBe(first.seconds.extract);
    expect(second.seconds.decode).toBe(first.seconds.decode);
  });

  it('extract again for another seed, size, image or file content', async () => {
    const runner = new CountedGraphs();
    const context = handlerContext({ runner });
    const [method] = statistics;
    await run(context, method);
    await run(context, { ...method, extractor: 'random:4' } as AnyMethod);
    await run(context, { ...method, resize: 32 });
    await run(context, method, other);
    await writeFile(other, await noise(3));
    await run(context, method, other);
    expect(runner.count).toBe(5);
  });
});

describe('concurrent inspections', () => {
  it('compute one at a time', async () => {
    let [computing, most] = [0, 0];
    const runner = new SessionPool(1);
    const counting: ModelRunner = {
      async run(...graph) {
        most = Math.max(most, ++computing);
        await new Promise((resolve) => setTimeout(resolve, 20));
        return runner.run(...graph).finally(() => computing--);
      },
    };
    const context = handlerContext({ runner: counting });
    await Promise.all([path, other].map((image) => run(context, statistics[0], image)));
    expect(most).toBe(1);
  });

  it('continue after one fails, or is canceled while it waits', async () => {
    const stop = new AbortController();
    const hold = Promise.withResolvers<undefined>();
    const runner = new SessionPool(1);
    const computing = Promise.withResolvers<undefined>();
    const held: ModelRunner = {
      run(...graph) {
        computing.resolve(undefined);
        return hold.promise.then(() => runner.run(...graph));
      },
    };
    const context = handlerContext({ runner: held });
    const first = run(context, { ...statistics[0], patchSize: 31, resize: 24 } as AnyMethod);
    await computing.promise;
    const second = run({ ...context, signal: stop.signal }, statistics[0]);
    const third = run(context, statistics[0]);
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(second).rejects.toThrow('enough');
    hold.resolve(undefined);
    await expect(first).rejects.toMatchObject({ code: 'IMAGE_TOO_SMALL' });
    await expect(third).resolves.toMatchObject({ provider: 'cpu' });
  });
});

describe('a file that changed since its import', () => {
  it('is rejected', async () => {
    const request = { path, sha256: 'f'.repeat(64), method: statistics[0], maxPixels: 1e6 };
    const refused = inspect({ ...request, provider: 'cpu' }, handlerContext());
    await expect(refused).rejects.toMatchObject({
      code: 'IMAGE_CHANGED',
      message: expect.stringContaining(path),
    });
  });
});
