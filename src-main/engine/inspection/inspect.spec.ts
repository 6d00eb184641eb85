import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { scoresInside } from '../../common/maps/placed-map.ts';
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

  runOutputs(...graph: Parameters<ModelRunner['runOutputs']>) {
    this.count++;
    return this.#runner.runOutputs(...graph);
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

describe('an inspection region', () => {
  const region: InspectionRegion = {
    include: [{ type: 'rectangle', left: 4, top: 6, width: 36, height: 32 }],
    exclude: [],
    border: 0,
  };
  const context = handlerContext({ runner: new SessionPool(1) });
  const runIn = (inspected: InspectionRegion | null, method: AnyMethod, image = path) =>
    inspect({ path: image, method, region: inspected, maxPixels: 1e6, provider: 'cpu' }, context);

  it.each([
    ...statistics.filter((method) => !('statistic' in method) || method.statistic !== 'histogram'),
    { extractor: 'random:3', statistic: 'fca', reference: 'random:20:1', patchSize: 5 },
    { extractor: 'random:3', statistic: 'fca', reference: 'all', patchSize: 5 },
    { extractor: 'random:3', statistic: 'moments', reference: 'all', patchSize: 5 },
    { extractor: 'random:3', statistic: 'sww', reference: 'knn:200', patchSize: 5 },
  ] as AnyMethod[])('makes scores inside independent of the pixels outside: %o', async (method) => {
    // Features depend on 2 pixels around, patches on up to 3 positions, and FCA collects the errors of
    // patches 2 positions away.
    const margin = 'statistic' in method && method.statistic === 'aota' ? 15 : 8;
    const outside = join(folder, 'outside.png');
    const changed = sharp(await noise(1)).composite([
      { input: await noise(9, 4), left: 44, top: 0 },
      {
        input: await sharp(await noise(9))
          .resize(48, 8)
          .png()
          .toBuffer(),
        left: 0,
        top: 40,
      },
    ]);
    await writeFile(outside, await changed.png().toBuffer());
    const [before, after] = [await runIn(region, method), await runIn(region, method, outside)];
    const whole = await runIn(null, method, outside);
    let [same, different] = [0, 0];
    for (let y = 6 + margin; y < 38 - margin; y++) {
      for (let x = 4 + margin; x < 40 - margin; x++) {
        const at = y * 48 + x;
        const [value, expected] = [after, before].map(({ placed }) => placed.map.values[at]);
        // Running sums of moments carry rounding errors across the image.
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(expected));
        same++;
        if (whole.placed.map.values[at] !== after.placed.map.values[at]) different++;
      }
    }
    expect(same).toBeGreaterThan(0);
    expect(different).toBeGreaterThan(0);
  });

  it('is returned with the map', async () => {
    const { placed } = await runIn(region, statistics[0]);
    expect(placed.region).toEqual(region);
    expect(scoresInside(placed).length).toBe(36 * 32);
  });

  it('is in pixels of the file, also if the method resizes it', async () => {
    const left: InspectionRegion = {
      include: [{ type: 'rectangle', left: 0, top: 0, width: 16, height: 48 }],
      exclude: [],
      border: 0,
    };
    const { placed } = await runIn(left, { ...statistics[0], resize: 24 } as AnyMethod);
    expect(placed).toMatchObject({ width: 48, map: { width: 24, height: 24 } });
    expect(scoresInside(placed).length).toBe(8 * 24);
  });

  it('that covers the whole image gives the same map, bit for bit', async () => {
    const { placed } = await runIn({ include: [], exclude: [], border: 0 }, statistics[0]);
    expect(placed).toEqual((await runIn(null, statistics[0])).placed);
  });

  it('limits the scores of a baseline without changing its map', async () => {
    const { placed } = await runIn(region, { baseline: 'saliency-rc' });
    expect(placed.map).toEqual((await runIn(null, { baseline: 'saliency-rc' })).placed.map);
    expect(placed.region).toEqual(region);
  });

  it.each([
    [{ border: 24 }, /a\.png: A border of 24 px covers all of an image of 48 x 48 pixels/],
    [{ border: 22 }, /contains no whole tile of 5 x 5 positions/],
  ])('%o that contains too little is an error', async (part, message) => {
    const refused = runIn({ include: [], exclude: [], ...part }, statistics[0]);
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
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
      runOutputs: (...graph) => runner.runOutputs(...graph),
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
      runOutputs: (...graph) => runner.runOutputs(...graph),
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
