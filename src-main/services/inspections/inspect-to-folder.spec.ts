import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { fixture } from '../../engine/readers/test/fixtures.ts';
import type { FolderEvent } from './folder-request.ts';
import { inspectToFolder } from './inspect-to-folder.ts';

const COUNT = 5;
const method = { extractor: 'colors', statistic: 'fca', reference: 'median', patchSize: 5 };
let folder: string;
let engine: EngineClient;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-folder-'));
  engine = new EngineClient();
  for (let i = 0; i < COUNT; i++) {
    const pixels = Uint8Array.from({ length: 60 * 50 }, (_, at) => (at * (31 + i)) % 251);
    const image = sharp(pixels, { raw: { width: 60, height: 50, channels: 1 } });
    await writeFile(join(folder, `${i}.png`), await image.png().toBuffer());
  }
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const outcomes = (events: FolderEvent[]) =>
  events
    .filter((event) => event.type !== 'found')
    .map(({ type, path }) => [path.slice(folder.length + 1), type]);

describe('inspecting to a folder', () => {
  it('reports one failed image if the engine is killed, and completes the rest', async () => {
    const out = join(folder, 'out');
    const events: FolderEvent[] = [];
    let killed = false;
    const onProgress = (path: string) => {
      if (killed || !path.endsWith('2.png')) return;
      killed = true;
      process.kill(engine.pid as number, 'SIGKILL');
    };
    const request = { paths: [folder], method, out, maxPixels: 1e6, provider: 'cpu' as const };
    for await (const event of inspectToFolder(request, engine, new AbortController().signal, onProgress)) {
      events.push(event);
    }
    const [all, but] = [['0.png', '1.png', '2.png', '3.png', '4.png'], '2.png'];
    expect(outcomes(events)).toEqual([
      ...all.map((path) => [path, path === but ? 'failed' : 'inspected']),
      ...all.filter((path) => path !== but).map((path) => [path, 'finished']),
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({ error: expect.objectContaining({ code: 'ENGINE_CRASHED' }) }),
    );
    expect(await readdir(out)).toHaveLength(4 * (COUNT - 1));
  });

  it('reports the regions above the threshold, and writes them as a mask', async () => {
    const out = join(folder, 'out');
    const request = {
      paths: [join(folder, '0.png')],
      method,
      out,
      threshold: 0.01,
      maxPixels: 1e6,
      provider: 'cpu' as const,
    };
    const { signal } = new AbortController();
    for await (const event of inspectToFolder(request, engine, signal, () => {})) {
      if (event.type !== 'finished') continue;
      const gray = await sharp(await readFile(event.files.mask))
        .extractChannel(0)
        .raw()
        .toBuffer();
      const marked = gray.reduce((sum, value) => sum + (value === 255 ? 1 : 0), 0);
      expect(gray.every((value) => value === 0 || value === 255)).toBe(true);
      expect(event.threshold).toBe(0.01);
      expect(marked).toBeGreaterThan(0);
      expect(event.regions.reduce((sum, { area }) => sum + area, 0)).toBe(marked);
      const peaks = event.regions.map(({ peak }) => peak?.score ?? NaN);
      expect(peaks).toEqual(peaks.toSorted((a, b) => b - a));
      expect(peaks[0]).toBeCloseTo(event.inspection.max, 5);
    }
    expect.assertions(6);
  });

  it('never inspects its own results when it runs repeatedly into the same folder', async () => {
    const request = { paths: [folder], method, out: folder, maxPixels: 1e6, provider: 'cpu' as const };
    for (const out of [folder, join(folder, 'perch-results'), folder]) {
      for await (const event of inspectToFolder(
        { ...request, out },
        engine,
        new AbortController().signal,
        () => {},
      )) {
        if (event.type === 'found') expect(event.total).toBe(COUNT);
      }
    }
  });

  it('stops when canceled and keeps complete files', async () => {
    const out = join(folder, 'out');
    const controller = new AbortController();
    const request = { paths: [folder], method, out, maxPixels: 1e6, provider: 'cpu' as const };
    const running = (async () => {
      for await (const event of inspectToFolder(request, engine, controller.signal, () => {})) {
        if (event.type === 'inspected') controller.abort();
      }
    })();
    await expect(running).rejects.toThrow();
    expect(await readdir(out)).toEqual(['0.map.npy']);
  });
});

describe('the same picture in every format', () => {
  it('has the same score', async () => {
    const paths = [fixture('same')];
    const out = join(folder, 'out');
    const method = { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 9 };
    const request = { paths, method, out, maxPixels: 1e6, provider: 'cpu' as const };
    const scores = new Map<string, number>();
    for await (const event of inspectToFolder(request, engine, new AbortController().signal, () => {})) {
      if (event.type === 'failed') throw new Error(`${event.path}: ${event.error.message}`);
      if (event.type === 'inspected') scores.set(basename(event.path), event.inspection.max);
    }
    const exact = scores.get('gray.png') ?? 0;
    expect(exact).toBeGreaterThan(0);
    // Both pages of the TIFF are images.
    expect(scores.size).toBe((await readdir(paths[0])).length + 1);
    for (const [name, score] of scores) expect(Math.abs(score / exact - 1), name).toBeLessThan(0.01);
  });
});
