import { beforeAll, describe, expect, it } from 'vitest';
import { texture } from '../../../../models/test/images.ts';
import { defaultBackend } from '../../../methods/backend/default-backend.ts';
import type { RgbImage } from '../../../methods/types.ts';
import type { AnomalyMap } from '../../../common/maps/anomaly-map.ts';
import { SessionPool } from '../../inference/onnx-sessions.ts';
import { StageTimer, type HandlerContext } from '../../runtime/handler-context.ts';
import { computeAnomalyMap } from '../anomaly-map.ts';
import { type BlockLimits, inspectInBlocks } from './inspect-blocks.ts';
import { memorySink } from './memory-sink.ts';
import { methodInBlocks } from './method-in-blocks.ts';
import { sourceOf } from './test/image-source.ts';

const runner = new SessionPool(1);

const timer = () =>
  new StageTimer({
    threads: 1,
    signal: new AbortController().signal,
    report: () => {},
  } as Partial<HandlerContext> as HandlerContext);

const method = (statistic: string, reference: string, patchSize: number) => ({
  extractor: 'gabor',
  statistic,
  reference,
  patchSize,
});

function parts(of: ReturnType<typeof method>, image: RgbImage) {
  const found = methodInBlocks(of, image);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

async function inBlocks(
  image: RgbImage,
  of: ReturnType<typeof method>,
  limits: BlockLimits,
  inside?: Uint8Array,
) {
  let map: AnomalyMap | undefined;
  const { chosen } = await inspectInBlocks(
    sourceOf(image),
    parts(of, image),
    { limits, inside },
    async (size) => {
      const sink = memorySink(size);
      map = sink.map;
      return Object.assign(sink, { begin: async () => {} });
    },
    { models: runner, backend: defaultBackend },
    timer(),
  );
  return { map: map as AnomalyMap, chosen };
}

async function whole(image: RgbImage, of: ReturnType<typeof method>, inside?: Uint8Array) {
  const { extractor, parameters } = parts(of, image);
  const { features } = await extractor.extract(image, runner, { threads: 1 });
  return computeAnomalyMap({ features, inside }, of, parameters, timer());
}

/** The largest difference, as a fraction of the range. */
function deviation(a: AnomalyMap, b: AnomalyMap): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  const [low, high] = [Math.min(...b.values), Math.max(...b.values)];
  return (
    a.values.reduce((most, value, at) => Math.max(most, Math.abs(value - b.values[at])), 0) / (high - low)
  );
}

describe('an inspection in blocks', () => {
  let image: RgbImage;
  beforeAll(() => {
    image = texture(733, 821) as RgbImage;
    for (let y = 300; y < 330; y++) image.values.fill(0.9, y * 821 + 400, y * 821 + 440);
  });

  it.each([
    method('fca', 'median', 9),
    method('fca', 'median', 5),
    method('sww', 'median', 7),
    method('fca', 'mean', 9),
  ])('equals that of the whole image: $statistic, $reference, T = $patchSize', async (of) => {
    const { map, chosen } = await inBlocks(image, of, { blockPixels: 620 ** 2 });
    expect(chosen.blocks).toBeGreaterThan(3);
    expect(chosen.tiles).toBeUndefined();
    expect(deviation(map, await whole(image, of))).toBeLessThan(2e-5);
  });

  it('takes the reference from inside a region', async () => {
    const { width, height } = parts(method('fca', 'median', 9), image).extractor.local.positions(image);
    const inside = Uint8Array.from({ length: width * height }, (_, at) => Number(at % width > 100));
    const of = method('fca', 'median', 9);
    const { map } = await inBlocks(image, of, { blockPixels: 620 ** 2 }, inside);
    expect(deviation(map, await whole(image, of, inside))).toBeLessThan(2e-5);
    expect(deviation(map, await whole(image, of))).toBeGreaterThan(1e-4);
  });

  it('does not depend on the blocks when the image is sampled', async () => {
    const of = method('fca', 'median', 5);
    const tiles = 300;
    const kept = await inBlocks(image, of, { tiles });
    const { map, chosen } = await inBlocks(image, of, { tiles, blockPixels: 620 ** 2, keptBytes: 0 });
    expect(chosen).toMatchObject({ tilesInImage: 41 * 36 });
    expect(chosen.tiles).toBeGreaterThan(200);
    expect(chosen.tiles).toBeLessThanOrEqual(tiles);
    expect(deviation(map, kept.map)).toBeLessThan(2e-5);
    const all = await whole(image, of);
    expect(deviation(map, all)).toBeGreaterThan(1e-5);
    expect(deviation(map, all)).toBeLessThan(0.1);
  });
});
