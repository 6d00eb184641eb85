import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Roll, RollDefects } from '../../common/api/rolls.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { mulberry32 } from '../../methods/prng.ts';
import { createServices } from '../create-services.ts';
import { Store } from '../../store/store.ts';
import { lay } from '../datasets/test/pictures.ts';

const FRAMES = 50;
const [WIDTH, HEIGHT] = [512, 256];
const KILLS = 8;
const TIMEOUT_MS = 300_000;
const host = fileURLToPath(new URL('../runs/test/host.ts', import.meta.url));
const { signal } = new AbortController();

/** Frame, left, top, width and height of dark patches; the third crosses the border of two frames. */
const PATCHES = [
  [5, 100, 60, 40, 60],
  [20, 300, 100, 60, 30],
  [33, 200, 230, 50, 50],
];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-roll-'));
  // The hosts and their engines use the same data directory.
  vi.stubEnv('PERCH_HOME', join(folder, 'data'));
  const frames = Array.from(
    { length: FRAMES },
    (_, index) => [`cloth/roll/${index}.png`, frame(index)] as const,
  );
  await lay(folder, Object.fromEntries(frames));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

it(
  'a roll of 50 frames has its defects and is inspected once, however often its host is killed',
  async () => {
    const whole = await work(async (services) => {
      const roll = await importRoll(services);
      await finish(
        services,
        (await services.rolls.inspect({ image: roll.image, provider: 'cpu' }, signal)).id,
      );
      return services.rolls.defects({ image: roll.image, rule: 'four-point-metric' }, signal);
    });
    expect(atPatches(whole)).toEqual([1, 1, 1]);

    // The same roll in another store, whose host is killed while it works.
    vi.stubEnv('PERCH_HOME', join(folder, 'killed'));
    const run = await work(async (services) => {
      const roll = await importRoll(services);
      return (await services.rolls.inspect({ image: roll.image, provider: 'cpu' }, signal)).id;
    });
    const random = mulberry32(1);
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [host, join(folder, 'killed')], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const exited = once(child, 'exit');
      await pause(400 + 1200 * random());
      child.kill('SIGKILL');
      await exited;
    }
    await work(async (services, store) => {
      await finish(services, run);
      const [{ image }] = store.rolls.list();
      const again = await services.rolls.defects({ image, rule: 'four-point-metric' }, signal);
      expect(store.database.prepare('SELECT count(*) FROM results').pluck().get()).toBe(1);
      expect(again.threshold).toEqual(whole.threshold);
      expect(again.defects.map(({ id }) => id)).toEqual(whole.defects.map(({ id }) => id));
      expect(again.grade?.totalPoints).toBe(whole.grade?.totalPoints);
      for await (const fault of store.blobs.integrityErrors(signal)) expect.fail(fault);
    });
  },
  TIMEOUT_MS,
);

type Services = ReturnType<typeof createServices>;

async function work<Result>(use: (services: Services, store: Store) => Promise<Result>): Promise<Result> {
  const store = new Store();
  const engine = new EngineClient();
  const services = createServices(store, engine);
  try {
    return await use(services, store);
  } finally {
    await services.close();
    await engine.close();
    store.close();
  }
}

async function importRoll({ rolls }: Services): Promise<Roll> {
  const source = { source: { path: join(folder, 'cloth/roll') }, scale: { across: 0.5, along: 0.5 } };
  for await (const event of await rolls.import(source, signal)) {
    if (event.type !== 'imported') continue;
    expect(event.roll).toMatchObject({ frames: FRAMES, widthPixels: WIDTH, lengthPixels: FRAMES * HEIGHT });
    expect(
      (await rolls.get({ image: event.roll.image }, signal)).frames.map(({ name, offset }) => [name, offset]),
    ).toEqual(Array.from({ length: FRAMES }, (_, index) => [`${index}.png`, index * HEIGHT]));
    return event.roll;
  }
  throw new Error('The import ended without a roll.');
}

async function finish({ runs }: Services, run: number): Promise<void> {
  runs.claimOrphans();
  for await (const event of await runs.watch(undefined, signal)) {
    const now = event.type === 'runs' ? event.runs.find(({ id }) => id === run) : undefined;
    if (now?.state !== 'done') continue;
    if (now.counts.failed === 0) return;
    await runs.retry({ run }, signal);
  }
}

/** The number of defects over each patch. */
function atPatches({ defects }: RollDefects): number[] {
  return PATCHES.map(([index, left, top, width, height]) => {
    const [x, y] = [left + width / 2, index * HEIGHT + top + height / 2];
    const contains = ({ box }: RollDefects['defects'][number]) =>
      box.left <= x && x < box.left + box.width && box.top <= y && y < box.top + box.height;
    return defects.filter(contains).length;
  });
}

/** A frame of woven stripes with its part of the patches. */
function frame(index: number): Promise<Buffer> {
  const random = mulberry32(index);
  const pixels = new Uint8Array(WIDTH * HEIGHT);
  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [at % WIDTH, index * HEIGHT + Math.floor(at / WIDTH)];
    const isDark = PATCHES.some(
      ([start, left, top, width, height]) =>
        x >= left && x < left + width && y >= start * HEIGHT + top && y < start * HEIGHT + top + height,
    );
    pixels[at] = (isDark ? 40 : 110 + 25 * ((x >> 2) % 2) + 18 * ((y >> 2) % 2)) + 14 * random();
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
    .png()
    .toBuffer();
}
