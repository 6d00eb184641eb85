import { describe, expect, it } from 'vitest';
import { texture } from '../../../../models/test/images.ts';
import { colors } from '../../../methods/extractors/colors.ts';
import { laws } from '../../../methods/extractors/laws.ts';
import { random } from '../../../methods/extractors/random.ts';
import { gabor, gabor67 } from '../../../methods/extractors/gabor.ts';
import type { Extractor } from '../../../methods/extractors/extractor.ts';
import type { RgbImage } from '../../../methods/types.ts';
import { SessionPool } from '../../inference/onnx-sessions.ts';
import { allLocalFeatures } from './local-features.ts';
import { planBlocks } from './plan.ts';
import { sourceOf } from './test/image-source.ts';

const models = new SessionPool(1);
const execution = { threads: 1 };

const largest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0);

describe.each([colors, laws, random])('$name in blocks', ({ local, extract }) => {
  it('equals the whole image', async () => {
    if (!local) throw new Error('not local');
    const image = texture(95, 141) as RgbImage;
    const blocks = planBlocks(image, { local, stride: 1, margin: 3 }, 60 ** 2);
    expect(blocks.length).toBeGreaterThan(5);
    const { values } = await allLocalFeatures(sourceOf(image), blocks, local, models, execution);
    expect(largest(values, (await extract(image, models, execution)).features.values)).toBeLessThan(1e-5);
  });
});

describe.each([gabor, gabor67] as Extractor[])('$name in blocks', (extractor) => {
  const { local, stride } = extractor;
  if (!local) throw new Error('not local');

  it.each([
    { width: 701, height: 902, maxPixels: 420 ** 2 },
    { width: 1201, height: 149, maxPixels: 150 * 700 },
    { width: 146, height: 1033, maxPixels: 146 * 500 },
    { width: 160, height: 160, maxPixels: 1e6 },
  ])('equals the whole image at $width x $height', async ({ width, height, maxPixels }) => {
    const image = texture(height, width) as RgbImage;
    const { features, extentWidth, extentHeight } = await extractor.extract(image, models, execution);
    const blocks = planBlocks(image, { local, stride, margin: 0 }, maxPixels);
    if (maxPixels < width * height) expect(blocks.length).toBeGreaterThan(1);
    const whole = await allLocalFeatures(sourceOf(image), blocks, local, models, execution);
    const completed = await local.complete(whole, await local.measure(whole, models), models);
    expect(local.extent(image)).toEqual({ width: extentWidth, height: extentHeight });
    expect([completed.channels, completed.width, completed.height]).toEqual([
      features.channels,
      features.width,
      features.height,
    ]);
    expect(largest(completed.values, features.values)).toBeLessThan(1e-5);
  });

  it('differs with half the halo', async () => {
    const image = texture(640, 640) as RgbImage;
    const close = { ...local, halo: local.halo / 2 };
    const extractIn = async (used: typeof local) => {
      const blocks = planBlocks(image, { local: used, stride, margin: 0 }, 512 ** 2);
      return (await allLocalFeatures(sourceOf(image), blocks, used, models, execution)).values;
    };
    const everything = { left: 0, top: 0, ...local.positions(image) };
    const exact = (await local.extract(image, everything, models, execution)).values;
    expect(largest(await extractIn(local), exact)).toBeLessThan(1e-5);
    expect(largest(await extractIn(close), exact)).toBeGreaterThan(1e-5);
  });
});
