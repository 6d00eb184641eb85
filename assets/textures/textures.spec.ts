import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawSample, drawUndamaged, SAMPLES, type Sample } from './catalog.ts';

const FOLDER = join(import.meta.dirname, '..', 'samples');
const SIZE = 512;
const MARGIN = 24;
const DEFECTIVE = SAMPLES.filter((sample) => sample.kind !== 'good');

const nameOf = ({ texture, kind, index }: Sample): string => `${texture}/${kind}/${index}`;
const number = (sample: Sample): string => String(sample.index).padStart(3, '0');
const picturePath = (sample: Sample): string =>
  join(FOLDER, sample.texture, 'test', sample.kind, `${number(sample)}.png`);
const truthPath = (sample: Sample): string =>
  join(FOLDER, sample.texture, 'ground_truth', sample.kind, `${number(sample)}_mask.png`);

const readPixels = (path: string): Promise<Buffer> =>
  sharp(path).toColorspace('srgb').removeAlpha().raw().toBuffer();
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One defective sample of each class and defect type. */
const FIRST_OF_KIND = DEFECTIVE.filter((sample) => sample.index === 0);

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('drawing a sample', () => {
  const [sample] = FIRST_OF_KIND;

  it('gives the same pixels and mask for the same seed', () => {
    const [once, again] = [drawSample(sample, 64), drawSample(sample, 64)];
    expect(hashOf(again.pixels)).toBe(hashOf(once.pixels));
    expect(hashOf(again.mask)).toBe(hashOf(once.mask));
  });

  it('marks nothing on good material', () => {
    const good = SAMPLES.filter((each) => each.kind === 'good')[0];
    expect(drawSample(good, 64).mask.some((truth) => truth !== 0)).toBe(false);
  });

  it('gives other pixels for another seed', () => {
    const other = drawSample({ ...sample, seed: sample.seed + 1000 }, 64);
    expect(hashOf(other.pixels)).not.toBe(hashOf(drawSample(sample, 64).pixels));
  });

  it.each(FIRST_OF_KIND.map((each) => [nameOf(each), each] as const))(
    'changes the picture clearly more inside the mask than outside: %s',
    (_, each) => {
      const damaged = drawSample(each, 128);
      const undamaged = drawUndamaged(each, 128);
      const change = { inside: 0, outside: 0 };
      const area = { inside: 0, outside: 0 };
      damaged.mask.forEach((truth, at) => {
        const where = truth === 255 ? 'inside' : 'outside';
        area[where]++;
        for (let k = 3 * at; k < 3 * at + 3; k++) {
          change[where] += Math.abs(damaged.pixels[k] - undamaged.pixels[k]) / 3;
        }
      });
      const inside = change.inside / area.inside;
      expect(inside).toBeGreaterThan(7);
      expect(inside).toBeGreaterThan(40 * (change.outside / area.outside));
    },
    30_000,
  );
});

describe('the committed samples', () => {
  it('are exactly the pictures and masks of the catalog', () => {
    const expected = [...SAMPLES.map(picturePath), ...DEFECTIVE.map(truthPath)].sort();
    const found = filesBelow(FOLDER).filter((path) => path.endsWith('.png'));
    expect(found.sort()).toEqual(expected);
  });

  it('take no more than 7 MB', () => {
    const bytes = filesBelow(FOLDER).reduce((sum, path) => sum + statSync(path).size, 0);
    expect(bytes).toBeLessThanOrEqual(7e6);
  });

  it.each(SAMPLES.map((sample) => [nameOf(sample), sample] as const))(
    'are color pictures of 512 x 512: %s',
    async (_, sample) => {
      const { width, height } = await sharp(picturePath(sample)).metadata();
      expect([width, height]).toEqual([SIZE, SIZE]);
      expect((await readPixels(picturePath(sample))).length).toBe(3 * SIZE * SIZE);
    },
  );

  it.each(DEFECTIVE.map((sample) => [nameOf(sample), sample] as const))(
    'mark 0.1 % to 6 % of the picture, away from its border, and contain only 0 and 255: %s',
    async (_, sample) => {
      const { width, height, channels } = await sharp(truthPath(sample)).metadata();
      expect([width, height, channels]).toEqual([SIZE, SIZE, 1]);
      const mask = await sharp(truthPath(sample)).extractChannel(0).raw().toBuffer();
      expect([...new Set(mask)].sort((a, b) => a - b)).toEqual([0, 255]);
      const anomalous = [...mask.keys()].filter((at) => mask[at] === 255);
      expect(anomalous.length / mask.length).toBeGreaterThan(0.001);
      expect(anomalous.length / mask.length).toBeLessThan(0.06);
      const places = anomalous.flatMap((at) => [at % SIZE, Math.floor(at / SIZE)]);
      expect(places.reduce((low, place) => Math.min(low, place), SIZE)).toBeGreaterThanOrEqual(MARGIN);
      expect(places.reduce((high, place) => Math.max(high, place), 0)).toBeLessThan(SIZE - MARGIN);
    },
  );

  it('have no ground truth for good pictures', () => {
    for (const { texture } of SAMPLES) {
      expect(existsSync(join(FOLDER, texture, 'ground_truth', 'good'))).toBe(false);
    }
  });

  it("match the generator's output, apart from the colors that the palette merged", async () => {
    const sample = FIRST_OF_KIND[0];
    const drawn = drawSample(sample, SIZE);
    const [pixels, mask] = [await readPixels(picturePath(sample)), await readPixels(truthPath(sample))];
    const error = drawn.pixels.reduce((sum, level, k) => sum + Math.abs(level - pixels[k]), 0);
    expect(error / drawn.pixels.length).toBeLessThan(3.5);
    expect(drawn.mask.every((truth, at) => truth === mask[3 * at])).toBe(true);
  }, 30_000);
});
