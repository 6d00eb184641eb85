import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineClient } from '../../engine/client.ts';
import { fixture } from '../../engine/readers/test/fixtures.ts';
import { type FolderEvent, inspectToFolder } from './inspect-to-folder.ts';

const COUNT = 5;
const method = { extractor: 'colors', statistic: 'fca', reference: 'median', patch: 5 };
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
  it('loses one image where the engine is killed, tells it, and completes the rest', async () => {
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
    expect(outcomes(events)).toEqual([
      ['0.png', 'inspected'],
      ['1.png', 'inspected'],
      ['2.png', 'failed'],
      ['3.png', 'inspected'],
      ['4.png', 'inspected'],
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({ error: expect.objectContaining({ code: 'ENGINE_CRASHED' }) }),
    );
    expect(await readdir(out)).toHaveLength(3 * (COUNT - 1));
  });

  it('stops when it is cancelled and keeps what was written whole', async () => {
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
    const method = { extractor: 'gabor', statistic: 'fca', reference: 'median', patch: 9 };
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
