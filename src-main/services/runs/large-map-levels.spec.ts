import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { openMapFile, openMapLevels } from '../../engine/pyramids/map-levels.ts';
import { pixelStorage } from '../../engine/readers/pixel-files/pixel-storage.ts';
import { Store } from '../../store/store.ts';
import { createServices } from '../create-services.ts';
import { lay, picture } from '../datasets/test/pictures.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-levels-'));
  // The engine writes the levels to the same data directory.
  vi.stubEnv('PERCH_HOME', join(folder, 'data'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Whether the levels of the first result's map are made when they are opened. */
async function levelsAreMissing(width: number, height: number): Promise<boolean> {
  await lay(folder, { 'strips/strip.png': picture(1, width, height) });
  const { signal } = new AbortController();
  const store = new Store();
  const engine = new EngineClient();
  const services = createServices(store, engine);
  try {
    const source = { path: join(folder, 'strips/strip.png') };
    for await (const event of await services.rolls.import({ source }, signal)) {
      if (event.type !== 'imported') continue;
      const { id } = await services.rolls.inspect({ image: event.roll.image, provider: 'cpu' }, signal);
      for await (const seen of await services.runs.watch(undefined, signal))
        if (seen.type === 'runs' && seen.runs.some((run) => run.id === id && run.state === 'done')) break;
    }
    const path = store.blobs.pathOf(store.results.findLatest(1)?.map ?? '');
    const map = await openMapFile(path);
    const report = vi.fn();
    const { file } = await openMapLevels(path, map, { ...pixelStorage(), report });
    await file.close();
    await map.close();
    return report.mock.calls.length > 0;
  } finally {
    await services.close();
    await engine.close();
    store.close();
  }
}

it('an image that is shown as tiles has the levels of its map when its inspection ends', async () => {
  expect(await levelsAreMissing(64, 17_000)).toBe(false);
});

it('a small image has none', async () => {
  expect(await levelsAreMissing(64, 3000)).toBe(true);
});
