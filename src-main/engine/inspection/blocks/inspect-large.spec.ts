import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PARTIAL_MAPS_FOLDER } from '../../../files/large-image-folders.ts';
import { mulberry32 } from '../../../methods/prng.ts';
import { EngineClient } from '../../client/engine-client.ts';
import type { Progress } from '../../protocol/messages.ts';

const TIMEOUT_MS = 300_000;
const method = { extractor: 'laws', statistic: 'fca', reference: 'median', patchSize: 3 };
let folder: string;
let path: string;
let engine: EngineClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-large-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
  engine = new EngineClient();
  path = join(folder, 'strip.png');
  const random = mulberry32(5);
  const [width, height] = [700, 6100];
  const gray = Uint8Array.from(
    { length: width * height },
    (_, i) => 100 + 40 * Math.sin(i / 3) + 30 * random(),
  );
  await sharp(gray, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toFile(path);
});
afterAll(async () => {
  await engine.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function inspect(onProgress: (progress: Progress) => void, reference = method.reference, maxPixels = 1e6) {
  const request = { path, method: { ...method, reference }, maxPixels, provider: 'cpu' as const };
  return engine.request('inspect', request, { onProgress });
}

const partial = () => join(folder, 'home', PARTIAL_MAPS_FOLDER);

describe('a large image', { timeout: TIMEOUT_MS }, () => {
  it('resumes after its engine was killed, and computes no block twice', async () => {
    const blocks = 3;
    const killed = inspect(({ stage, fraction }) => {
      if (stage === 'statistic' && fraction > 0.3 && engine.pid !== undefined)
        process.kill(engine.pid, 'SIGKILL');
    });
    await expect(killed).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
    const [name] = await readdir(partial());
    expect((await stat(join(partial(), name, 'scores'))).size).toBeGreaterThan(0);

    const fractions: number[] = [];
    const resumed = await inspect(({ stage, fraction }) => {
      if (stage === 'statistic' && fraction > 0) fractions.push(fraction);
    });
    expect(fractions.length).toBeLessThan(resumed.chosen?.blocks ?? 0);
    expect(fractions[0]).toBeGreaterThanOrEqual(2 / blocks);
    expect(await readdir(partial())).toEqual([]);

    const again = await inspect(() => {});
    expect(resumed.placed).toEqual(again.placed);
    expect(again.chosen).toMatchObject({ blocks, tilesInImage: 233 * 2033 });
    expect(again.placed).toMatchObject({ width: 700, height: 6100, map: { width: 700, height: 6100 } });
  });

  it('is refused before it is decoded if the method needs the whole image', async () => {
    const stages: string[] = [];
    const refused = inspect(({ stage }) => stages.push(stage), 'knn:5');
    await expect(refused).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringMatching(
        /strip\.png.*blocks.*"knn:5" consists of patches of the whole image.*tiles/,
      ),
    });
    expect(stages).toEqual([]);
  });
});

it.each(['down', 'right'] as const)(
  'a small folder of frames has the whole-image map of its stacked image: %s',
  async (direction) => {
    const frames = join(folder, direction);
    await mkdir(frames);
    const whole = sharp(path).extract({ left: 0, top: 0, width: 60, height: 90 });
    const parts =
      direction === 'down'
        ? [0, 30, 60].map((top) => ({ left: 0, top, width: 60, height: 30 }))
        : [0, 20, 40].map((left) => ({ left, top: 0, width: 20, height: 90 }));
    const image = await whole.png().toBuffer();
    await writeFile(join(folder, 'whole.png'), image);
    for (const [at, part] of parts.entries())
      await sharp(image)
        .extract(part)
        .png()
        .toFile(join(frames, `${at}.png`));
    const request = { method: { ...method, reference: 'knn:5' }, maxPixels: 1e6, provider: 'cpu' as const };
    const stacked = await engine.request('inspect', { ...request, path: frames, direction });
    const { placed } = await engine.request('inspect', { ...request, path: join(folder, 'whole.png') });
    expect(stacked.placed).toEqual(placed);
  },
);
