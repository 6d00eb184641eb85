import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../../common/maps/npy.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;
let image: string;

/** Dots on gray, with a white block of 20 x 20 pixels at (left, 30) as the defect. */
function dotted(left: number): Promise<Buffer> {
  const pixels = new Uint8Array(96 * 80).map((_, i) => {
    const [x, y] = [i % 96, Math.floor(i / 96)];
    if (x >= left && x < left + 20 && y >= 30 && y < 50) return 255;
    return x % 8 < 3 && y % 8 < 3 ? 60 : 130;
  });
  return sharp(pixels, { raw: { width: 96, height: 80, channels: 1 } })
    .png()
    .toBuffer();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-methods-'));
  image = join(folder, 'dots.png');
  await writeFile(image, await dotted(40));
  await mkdir(join(folder, 'good'));
  await writeFile(join(folder, 'good', 'a.png'), await dotted(96));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The highest score of a written map, in image pixels. */
async function peakOf(out: string): Promise<[x: number, y: number]> {
  const { values, shape } = readNpy(await readFile(join(out, 'dots.map.npy')));
  const peak = values.indexOf(Math.max(...values));
  return [(((peak % shape[1]) + 0.5) * 96) / shape[1], ((Math.floor(peak / shape[1]) + 0.5) * 80) / shape[0]];
}

describe('perch inspect --method', () => {
  it.each([
    ['bellini', []],
    ['patchcore', ['--extractor', 'gabor', '--coreset-ratio', '0.5', '--normal', 'good']],
    ['nearest', ['--normal', 'good']],
    ['subspace', ['--normal', 'good']],
    ['fca-normal', ['--normal', 'good']],
    ['default', ['--normal', 'good', '--reference', 'mean']],
    ['default', ['--normal', 'good', '--statistic', 'moments', '--patch-size', '5']],
    ['default', ['--normal', 'good', '--statistic', 'histogram', '--patch-size', '5']],
  ])('%s finds the defect', async (name, options) => {
    const out = join(folder, name);
    const given = options.map((option) => (option === 'good' ? join(folder, 'good') : option));
    expect(await perch('inspect', image, '--method', name, '--out', out, ...given)).toMatchObject({
      code: 0,
    });
    const [x, y] = await peakOf(out);
    expect([x > 34 && x < 66, y > 24 && y < 56]).toEqual([true, true]);
  });

  it('lets options override a preset', async () => {
    const out = join(folder, 'overridden');
    const options = [
      '--method',
      'table1/laws/fca',
      '--extractor',
      'colors',
      '--patch-size',
      '3',
      '--resize',
      '48',
    ];
    const { code } = await perch('inspect', image, '--out', out, ...options);
    expect(code).toBe(0);
    expect(readNpy(await readFile(join(out, 'dots.map.npy'))).shape).toEqual([48, 48]);
  });

  it('gives the same map for a saved preset and for its options', async () => {
    const file = join(folder, 'mine.json');
    const options = [
      '--method',
      'default',
      '--extractor',
      'colors',
      '--statistic',
      'sww',
      '--patch-size',
      '5',
    ];
    expect(await perch('methods', 'save', file, ...options, '--title', 'Mine')).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      title: 'Mine',
      method: { extractor: 'colors', statistic: 'sww', reference: 'median', patchSize: 5 },
    });
    await perch('inspect', image, '--method', file, '--out', join(folder, 'by-file'));
    await perch('inspect', image, ...options, '--out', join(folder, 'by-options'));
    const maps = await Promise.all(
      ['by-file', 'by-options'].map((out) => readFile(join(folder, out, 'dots.map.npy'))),
    );
    expect(Buffer.compare(maps[0], maps[1])).toBe(0);
  });

  it.each([
    [['--method', 'winclip'], /no method "winclip"\. Known: default.*table1.*\.json/],
    [
      ['--method', 'bellini', '--patch-size', '5'],
      /"bellini" does not support --patch-size\. It supports --resize/,
    ],
    [['--method', 'patchcore', '--extractor', 'gabor'], /compares images with normal ones.*--normal/],
    [['--method', 'bellini', '--normal', 'good'], /"bellini" does not support --normal: it computes/],
    [
      ['--reference', 'knn:5', '--normal', 'good'],
      /"knn:5" consists of patches.*"median" or "mean" from normal/,
    ],
    [['--method', 'patchcore', '--coreset-ratio', '2'], /--coreset-ratio.*at most 1/],
    [['--method', 'missing.json'], /missing\.json does not exist/],
  ])('refuses %j', async (options, sentence) => {
    const { code, stderr } = await perch('inspect', image, '--out', join(folder, 'none'), ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
  });

  it.each([
    ['{', /is not a preset: .*JSON/],
    ['{"method": {"extractor": "gabor", "statistic": "fca", "reference": "median"}}', /method\.patchSize/],
    ['{"method": {"baseline": "bellini", "patchSize": 9}}', /method: .*"patchSize"/],
    ['{"method": {"extractor": "gabor", "coresetRatio": 2}}', /method\.coresetRatio/],
    ['{"titel": "x", "method": {"baseline": "bellini"}}', /"titel"/],
    ['null', /is not a preset: the file/],
  ])('refuses the preset file %s with the reason', async (text, reason) => {
    const file = join(folder, 'broken.json');
    await writeFile(file, text);
    const { code, stderr } = await perch('inspect', image, '--method', file);
    expect(code).toBe(1);
    expect(stderr).toMatch(reason);
  });
});

describe('perch methods', () => {
  it('lists the presets, as lines and as JSON', async () => {
    const { stdout } = await perch('methods', 'list');
    expect(stdout).toMatch(/^default +gabor, fca, median, T auto /m);
    const lines = (await perch('methods', 'list', '--json')).stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toContain('table1/vgg19/fca');
  });

  it('shows a preset as a preset file', async () => {
    const { stdout } = await perch('methods', 'show', 'ours-320');
    expect(JSON.parse(stdout)).toMatchObject({ method: { extractor: 'wide_resnet50', resize: 320 } });
  });
});
