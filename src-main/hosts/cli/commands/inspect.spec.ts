import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../../common/maps/npy.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;
let images: string;

/** A weave with a flat defect at (40, 30) to (60, 50). */
function weave(width: number, height: number): Promise<Buffer> {
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const isDefect = x > 40 && x < 60 && y > 30 && y < 50;
    pixels[i] = isDefect ? 128 : 128 + 60 * Math.sin(x * 1.1) * Math.sin(y * 1.1) + ((i * 7919) % 13);
  }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-inspect-'));
  images = join(folder, 'Prüfung 3');
  await mkdir(join(images, 'below'), { recursive: true });
  const whole = await weave(100, 90);
  await writeFile(join(images, '1 gut.png'), whole);
  await writeFile(join(images, '2 truncated.png'), whole.subarray(0, whole.length / 2));
  await writeFile(join(images, '3 text.png'), 'this is text');
  await writeFile(join(images, '4 empty.png'), '');
  await writeFile(join(images, '5 point.png'), await weave(1, 1));
  await writeFile(join(images, 'below', '布.png'), await weave(70, 130));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Record {
  path: string;
  method: string;
  score: number;
  threshold?: number;
  regions?: { area: number; mm?: { area: number }; peak: { score: number } }[];
  error?: { code: string; message: string };
}

const recordsIn = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record);

describe('perch inspect --region', () => {
  const inspectIn = async (region: string, out: string) => {
    await writeFile(join(folder, 'region.json'), region);
    const image = join(images, '1 gut.png');
    return perch(
      'inspect',
      image,
      '--out',
      join(folder, out),
      '--region',
      join(folder, 'region.json'),
      '--json',
    );
  };

  it('considers only the pixels inside, in scores, mask and pictures', async () => {
    const whole = await inspectIn('{}', 'whole');
    const { code, stdout, stderr } = await inspectIn(
      '{"include":[{"type":"rectangle","left":0,"top":0,"width":36,"height":90}]}',
      'left',
    );
    expect(code, stderr).toBe(0);
    const [inside, everywhere] = [recordsIn(stdout)[0], recordsIn(whole.stdout)[0]];
    // The defect is at the right.
    expect(inside.score).toBeLessThan(0.8 * everywhere.score);
    const mask = await sharp(join(folder, 'left', '1 gut.mask.png'))
      .extractChannel(0)
      .raw()
      .toBuffer();
    for (let at = 0; at < mask.length; at++) if (at % 100 >= 36) expect(mask[at]).toBe(0);
    const brightness = async (out: string, left: number) => {
      const square = sharp(join(folder, out, '1 gut.overlay.png')).extract({
        left,
        top: 60,
        width: 20,
        height: 20,
      });
      const pixels = await square.raw().toBuffer();
      return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    };
    expect(await brightness('left', 70)).toBeLessThan(0.5 * (await brightness('whole', 70)));
    expect(await brightness('left', 10)).toBeCloseTo(await brightness('whole', 10), 0);
  });

  it.each([
    ['{"border": 45}', /1 gut\.png: A border of 45 px covers all of an image of 100 x 90 pixels/],
    ['{"boarder": 4}', /region\.json is not an inspection region: the file: Unrecognized key: "boarder"/],
    ['{"border": -1}', /region\.json is not an inspection region: border: /],
    ['border: 3', /region\.json is not an inspection region: .*JSON/],
  ])('rejects %s', async (region, message) => {
    const { code, stdout, stderr } = await inspectIn(region, 'none');
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(message);
  });
});

describe('perch inspect', () => {
  it('inspects a folder, reports the reason of each failure, and continues', async () => {
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await perch('inspect', images, '--out', out, '--json');
    const records = recordsIn(stdout);
    expect(records.map(({ path, error }) => [path.slice(images.length + 1), error?.code])).toEqual([
      ['1 gut.png', undefined],
      ['2 truncated.png', 'NOT_AN_IMAGE'],
      ['3 text.png', 'NOT_AN_IMAGE'],
      ['4 empty.png', 'NOT_AN_IMAGE'],
      ['5 point.png', 'IMAGE_TOO_SMALL'],
      ['below/布.png', undefined],
    ]);
    for (const { path, error } of records) if (error) expect(error.message).toContain(path);
    expect(code).toBe(1);
    expect(stderr).toContain('Could not inspect 4 images or paths');
  });

  it('writes map, heatmap, overlay and mask, and reports the regions above the threshold', async () => {
    const out = join(folder, 'files');
    const { stdout } = await perch('inspect', join(images, 'below', '布.png'), '--out', out, '--json');
    const [{ threshold, regions }] = recordsIn(stdout);
    expect(regions?.[0].peak.score).toBeGreaterThanOrEqual(threshold ?? NaN);
    expect(readNpy(await readFile(join(out, '布.map.npy'))).shape).toEqual([36, 20]);
    for (const kind of ['heatmap', 'overlay', 'mask']) {
      const { width, height } = await sharp(join(out, `布.${kind}.png`)).metadata();
      expect([width, height]).toEqual([70, 130]);
    }
  });

  it("has sizes in mm by a file's resolution, and says so; not by one that programs write, nor if a scale is given", async () => {
    const whole = sharp(await weave(100, 90));
    // One pixel is 0.05 mm, or 1 mm as libvips writes it.
    await whole.clone().withMetadata({ density: 508 }).png().toFile(join(folder, 'fine.png'));
    await whole.clone().withMetadata({ density: 25.4 }).png().toFile(join(folder, 'unknown.png'));
    const areaOf = async (name: string, ...options: string[]) => {
      const args = [join(folder, name), '--json', '--out', join(folder, 'out'), ...options];
      const { stdout, stderr } = await perch('inspect', ...args);
      const [{ area, mm }] = recordsIn(stdout)[0].regions ?? [];
      return {
        share: mm && mm.area / area,
        isSaid: stderr.includes("by the file's resolution, 0.05 mm per pixel"),
      };
    };
    expect(await areaOf('fine.png')).toEqual({ share: expect.closeTo(0.0025, 8) as number, isSaid: true });
    expect(await areaOf('unknown.png')).toEqual({ share: undefined, isSaid: false });
    expect(await areaOf('fine.png', '--mm-per-pixel', '2')).toEqual({ share: 4, isSaid: false });
  });

  it('gives the defect the highest score', async () => {
    const out = join(folder, 'marked');
    const { stdout } = await perch('inspect', join(images, '1 gut.png'), '--out', out);
    expect(stdout).toMatch(/1 gut\.png {2}100 x 90 {2}score \S+ {2}decode [\d.]+ {2}extract .* = [\d.]+ s\n/);
    const { values, shape } = readNpy(await readFile(join(out, '1 gut.map.npy')));
    const peak = values.indexOf(Math.max(...values));
    const [x, y] = [((peak % shape[1]) + 0.5) * 4, (Math.floor(peak / shape[1]) + 0.5) * 4];
    expect([x > 36 && x < 64, y > 26 && y < 54]).toEqual([true, true]);
  });

  it('overrides single choices of the method', async () => {
    const out = join(folder, 'small');
    const path = join(images, '1 gut.png');
    const method = ['--extractor', 'colors', '--statistic', 'sww', '--patch-size', '5', '--resize', '32'];
    expect(await perch('inspect', path, '--out', out, ...method)).toMatchObject({ code: 0 });
    expect(readNpy(await readFile(join(out, '1 gut.map.npy'))).shape).toEqual([32, 32]);
  });

  it('writes the results of several methods to a folder each', async () => {
    const out = join(folder, 'several');
    const path = join(images, '1 gut.png');
    const methods = ['--method', 'default', '--method', 'bellini', '--method', 'default'];
    const { code, stdout } = await perch('inspect', path, '--out', out, ...methods, '--json');
    expect(code).toBe(0);
    expect(recordsIn(stdout).map(({ method }) => method)).toEqual(['default', 'bellini']);
    for (const method of ['default', 'bellini']) await access(join(out, method, '1 gut.map.npy'));
  });

  it.each([
    [['--extractor', 'vgg'], /no extractor "vgg"\. Known: .*gabor.*colors/],
    [['--statistic', 'ssim'], /no statistic "ssim"\. Known: .*fca.*sww/],
    [['--reference', 'best'], /no reference "best"\. Known: .*median/],
    [['--patch-size', '8'], /odd\. Set it with --patch-size\./],
    [['--patch-size', 'x'], /--patch-size.*whole number/],
    [['--threshold', 'high'], /--threshold.*number/],
  ])('refuses %j and writes nothing', async (options, sentence) => {
    const { code, stderr } = await perch('inspect', images, '--out', join(folder, 'none'), ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    await expect(access(join(folder, 'none'))).rejects.toThrow();
  });

  it('reports a missing path and a folder that cannot be written', async () => {
    const missing = await perch('inspect', join(folder, 'gone'));
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('gone does not exist') });
    await writeFile(join(folder, 'occupied'), '');
    const blocked = await perch('inspect', join(images, '1 gut.png'), '--out', join(folder, 'occupied'));
    expect(blocked).toMatchObject({ code: 1, stderr: expect.stringContaining('Could not write') });
  });

  it('refuses images above the pixel limit and names the option', async () => {
    const { code, stderr } = await perch('inspect', join(images, '1 gut.png'), '--max-pixels', '8999');
    expect(code).toBe(1);
    expect(stderr).toMatch(/100 x 90 pixels.*--max-pixels/);
  });

  it.skipIf(process.platform === 'win32')(
    'prints one line for an image with a line break in its name',
    async () => {
      await writeFile(join(folder, 'two\nlines.png'), await weave(100, 90));
      await writeFile(join(folder, 'no\nimage.png'), 'text');
      const paths = ['two\nlines.png', 'no\nimage.png'].map((name) => join(folder, name));
      const { stdout, stderr } = await perch('inspect', ...paths, '--out', join(folder, 'lines'));
      expect(stdout).toMatch(/^.*two\\nlines\.png {2}100 x 90 .*\n$/);
      expect(stderr).toMatch(/^.*no\\nimage\.png is not an image/);
    },
  );
});
