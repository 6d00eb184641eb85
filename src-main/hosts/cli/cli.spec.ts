import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../common/maps/npy.ts';
import { perch } from '../../test/perch.ts';

const start = join(import.meta.dirname, 'start.js');

let folder: string;
let images: string;

/** A weave of stripes with a flat patch in it. */
function cloth(width: number, height: number): Promise<Buffer> {
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const torn = x > 40 && x < 60 && y > 30 && y < 50;
    pixels[i] = torn ? 128 : 128 + 60 * Math.sin(x * 1.1) * Math.sin(y * 1.1) + ((i * 7919) % 13);
  }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-cli-'));
  images = join(folder, 'Prüfung 3');
  await mkdir(join(images, 'below'), { recursive: true });
  const whole = await cloth(100, 90);
  await writeFile(join(images, '1 gut.png'), whole);
  await writeFile(join(images, '2 truncated.png'), whole.subarray(0, whole.length / 2));
  await writeFile(join(images, '3 text.png'), 'this is text');
  await writeFile(join(images, '4 empty.png'), '');
  await writeFile(join(images, '5 point.png'), await cloth(1, 1));
  await writeFile(join(images, 'below', '布.png'), await cloth(70, 130));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('perch inspect', () => {
  it('inspects a folder, tells what failed and why, and goes on', async () => {
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await perch('inspect', images, '--out', out, '--json');
    const lines = stdout
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { path: string; score?: number; error?: { code: string; message: string } },
      );
    const outcomes = lines.map(({ path, error }) => [
      path.slice(images.length + 1),
      error?.code ?? 'inspected',
    ]);
    expect(outcomes).toEqual([
      ['1 gut.png', 'inspected'],
      ['2 truncated.png', 'NOT_AN_IMAGE'],
      ['3 text.png', 'NOT_AN_IMAGE'],
      ['4 empty.png', 'NOT_AN_IMAGE'],
      ['5 point.png', 'IMAGE_TOO_SMALL'],
      ['below/布.png', 'inspected'],
    ]);
    for (const { path, error } of lines) if (error) expect(error.message).toContain(path);
    expect(code).toBe(1);
    expect(stderr).toContain('4 images or paths could not be inspected');

    const { shape } = readNpy(await readFile(join(out, 'below', '布.map.npy')));
    expect(shape).toEqual([36, 20]);
    const [first] = lines as unknown as {
      threshold: number;
      regions: { area: number; peak: { score: number } }[];
    }[];
    expect(first.regions[0].peak.score).toBeGreaterThanOrEqual(first.threshold);
    for (const kind of ['heatmap', 'overlay', 'mask']) {
      const { width, height } = await sharp(join(out, 'below', `布.${kind}.png`)).metadata();
      expect([width, height]).toEqual([70, 130]);
    }
  });

  it('marks the defect: the highest score lies on it', async () => {
    const out = join(folder, 'marked');
    const { stdout } = await perch('inspect', join(images, '1 gut.png'), '--out', out);
    expect(stdout).toMatch(/1 gut\.png {2}100 x 90 {2}score \S+ {2}decode [\d.]+ {2}extract .* = [\d.]+ s\n/);
    const { values, shape } = readNpy(await readFile(join(out, '1 gut.map.npy')));
    const peak = values.indexOf(Math.max(...values));
    const [x, y] = [((peak % shape[1]) + 0.5) * 4, (Math.floor(peak / shape[1]) + 0.5) * 4];
    expect([x > 36 && x < 64, y > 26 && y < 54]).toEqual([true, true]);
  });

  it('resizes on request and takes another method', async () => {
    const out = join(folder, 'small');
    const path = join(images, '1 gut.png');
    const method = ['--extractor', 'colors', '--statistic', 'sww', '--patch-size', '5', '--resize', '32'];
    expect(await perch('inspect', path, '--out', out, ...method)).toMatchObject({ code: 0 });
    expect(readNpy(await readFile(join(out, '1 gut.map.npy'))).shape).toEqual([32, 32]);
  });

  it.each([
    [['--extractor', 'vgg'], /no extractor "vgg"\. Known: .*gabor.*colors/],
    [['--statistic', 'ssim'], /no statistic "ssim"\. Known: .*fca.*sww/],
    [['--reference', 'best'], /no reference "best"\. Known: .*median/],
    [['--patch-size', '8'], /odd\. Set it with --patch-size\./],
    [['--patch-size', 'x'], /--patch-size.*whole number/],
    [['--threshold', 'high'], /--threshold.*number/],
  ])('refuses %j in one sentence', async (options, sentence) => {
    const { code, stderr } = await perch('inspect', images, '--out', join(folder, 'none'), ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    await expect(access(join(folder, 'none'))).rejects.toThrow();
  });

  it('says when a path is missing or the results cannot be written', async () => {
    const gone = await perch('inspect', join(folder, 'gone'));
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('gone does not exist') });
    await writeFile(join(folder, 'occupied'), '');
    const blocked = await perch('inspect', join(images, '1 gut.png'), '--out', join(folder, 'occupied'));
    expect(blocked).toMatchObject({ code: 1, stderr: expect.stringContaining('could not be written') });
  });

  it('refuses images above the limit, before it unpacks them', async () => {
    const { code, stderr } = await perch('inspect', join(images, '1 gut.png'), '--max-pixels', '8999');
    expect(code).toBe(1);
    expect(stderr).toMatch(/100 x 90 pixels.*--max-pixels/);
  });
});

describe('perch score', () => {
  const features = {
    shape: [2, 12, 10],
    values: Float32Array.from({ length: 240 }, (_, i) => Math.sin(i * i)),
  };
  const run = async (array: { shape: number[]; values: Float32Array }, ...options: string[]) => {
    const path = join(folder, 'features.npy');
    await writeFile(path, writeNpy(array));
    return perch('score', path, '--out', join(folder, 'map.npy'), '--patch-size', '5', ...options);
  };

  it('takes features with a batch of one in front', async () => {
    const { code } = await run({ ...features, shape: [1, 2, 12, 10] });
    expect(code).toBe(0);
    expect(readNpy(await readFile(join(folder, 'map.npy'))).shape).toEqual([12, 10]);
  });

  it('names the channel that is not finite', async () => {
    const values = features.values.slice();
    values[130] = NaN;
    const { code, stderr } = await run({ ...features, values });
    expect(code).toBe(1);
    expect(stderr).toMatch(/channel 1/);
  });

  it.each([
    ['a flat array', { shape: [240], values: features.values }, [], /C x H x W/],
    ['a map smaller than the patch', features, ['--patch-size', '11'], /11 x 11 does not fit/],
    [
      'a parameter of another statistic',
      features,
      ['--statistic', 'sww', '--patch-sigma', '2'],
      /"sww" refuses/,
    ],
    ['a sigma below zero', features, ['--patch-sigma', '-1'], /"fca" refuses sigmaP/],
  ])('refuses %s', async (_, array, options, sentence) => {
    const { code, stderr } = await run(array, ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
  });
});

describe('perch doctor', () => {
  it('says what it found, what is wrong and what to do, and fails only for what Perch needs', async () => {
    const { code, stdout } = await perch('doctor', '--json');
    const { findings } = JSON.parse(stdout) as {
      findings: { topic: string; found: string; problem?: string; optional?: boolean }[];
    };
    const needed = findings.filter(({ problem, optional }) => problem !== undefined && !optional);
    expect(code).toBe(needed.length > 0 ? 1 : 0);
    const topics = findings.map(({ topic }) => topic);
    expect(topics).toEqual(
      expect.arrayContaining(['node', 'sharp', 'native core', 'provider cpu', 'data folder']),
    );
    expect(findings.find(({ topic }) => topic === 'provider cpu')).toMatchObject({ found: 'works' });
    for (const { found, problem } of findings) if (found === 'cannot be used') expect(problem).toMatch(/\w+/);
  });
});

describe('output', () => {
  it('may be read in part', async () => {
    const child = spawn(process.execPath, [start, 'methods', 'show', 'default'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, said }).toEqual({ code: 0, said: '' });
  });
});

describe('help', () => {
  it.each([[[]], [['inspect']], [['extract']], [['score']], [['bench']], [['demo']], [['doctor']]])(
    'of perch %j shows examples or commands',
    async (command) => {
      const { code, stdout } = await perch(...command, '--help');
      expect(code).toBe(0);
      expect(stdout).toMatch(command.length === 0 ? /inspect.*\n.*extract/s : /Examples?:\n {2}perch/);
    },
  );

  it('is offered for an unknown command', async () => {
    const { code, stderr } = await perch('inspekt');
    expect(code).toBe(1);
    expect(stderr).toMatch(/inspect/);
  });
});
