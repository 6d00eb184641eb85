import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { texture } from '../../../../models/test/images.ts';
import { writeRandomBackbone } from '../../../hosts/cli/bench/random-backbone.ts';
import { backboneExtractor, backboneRecord } from '../../../methods/extractors/backbone.ts';
import type { Extractor } from '../../../methods/extractors/extractor.ts';
import type { RgbImage } from '../../../methods/types.ts';
import { SessionPool } from '../../inference/onnx-sessions.ts';
import { allLocalFeatures } from './local-features.ts';
import { planBlocks } from './plan.ts';
import { sourceOf } from './test/image-source.ts';

let folder: string;
let file: string;
let sha256: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-backbone-'));
  file = await writeRandomBackbone(folder);
  sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function named(name: string, scaled = false): Extractor {
  const record = backboneRecord.parse({
    format: 1,
    name,
    title: name,
    sha256,
    bytes: 1,
    precision: 'float32',
    channels: 512,
    stride: 8,
    preprocessing: { normalization: null, scaled },
    bytesPerPixel: 700,
    source: { file: 'f', sha256, publisher: 'p' },
    license: 'l',
    addedAt: '2026-01-01T00:00:00Z',
  });
  return backboneExtractor({ record, file });
}

describe('Wide ResNet-50-2 in blocks', () => {
  it('equals the whole image', { timeout: 120_000 }, async () => {
    const models = new SessionPool(1);
    const execution = { threads: 1 };
    const { local, extract } = named('wide_resnet50');
    if (!local) throw new Error('not local');
    const image = texture(213, 187) as RgbImage;
    const blocks = planBlocks(image, { local, stride: 8, margin: 0 }, 140 ** 2);
    expect(blocks.length).toBeGreaterThan(5);
    const whole = await allLocalFeatures(sourceOf(image), blocks, local, models, execution);
    const { values } = await local.complete(whole, await local.measure(whole, models), models);
    const expected = (await extract(image, models, execution)).features;
    expect([whole.width, whole.height]).toEqual([expected.width, expected.height]);
    const most = values.reduce(
      (worst, value, at) => Math.max(worst, Math.abs(value - expected.values[at])),
      0,
    );
    expect(most).toBeLessThan(1e-5);
  });

  it('is not offered for unknown networks, and for graphs that scale', () => {
    expect(named('my_network').local).toBeUndefined();
    expect(named('wide_resnet50', true).local).toBeUndefined();
  });
});
