import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineClient } from '../../../engine/client/engine-client.ts';
import type { FolderEvent } from '../../../services/inspections/folder-request.ts';
import { inspectToFolder } from '../../../services/inspections/inspect-to-folder.ts';
import { noisyPng } from '../../../services/runs/test/cloth.ts';

let folder: string;
let engine: EngineClient;
const former = process.env.PERCH_HOME;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-set-'));
  process.env.PERCH_HOME = join(folder, 'home');
  engine = new EngineClient();
  for (const [name, count] of [
    ['linen', 3],
    ['silk', 2],
    ['jute', 1],
  ] as const) {
    await mkdir(join(folder, 'in', name), { recursive: true });
    for (let i = 0; i < count; i++)
      await writeFile(join(folder, 'in', name, `${i}.png`), await noisyPng(i, 12));
  }
});
afterEach(async () => {
  await engine.close();
  if (former === undefined) delete process.env.PERCH_HOME;
  else process.env.PERCH_HOME = former;
  await rm(folder, { recursive: true, force: true });
});

it('compares the images of each folder with each other, and says when a folder has only one', async () => {
  const events: FolderEvent[] = [];
  const request = {
    paths: [join(folder, 'in')],
    method: { extractor: 'colors', set: 'mutual' as const },
    out: join(folder, 'out'),
    maxPixels: 1e6,
    provider: 'cpu' as const,
  };
  for await (const event of inspectToFolder(request, engine, new AbortController().signal, () => {}))
    events.push(event);
  const finished = events.flatMap((event) => (event.type === 'finished' ? [event] : []));
  const compared = (name: string) =>
    finished.filter(({ path }) => path.includes(name)).map(({ inspection }) => inspection.chosen);
  expect(compared('linen')).toEqual(Array(3).fill({ comparedImages: 2 }));
  expect(compared('silk')).toEqual(Array(2).fill({ comparedImages: 1 }));
  const failed = events.flatMap((event) => (event.type === 'failed' ? [event] : []));
  expect(failed).toMatchObject([
    { path: expect.stringContaining('jute'), error: { message: expect.stringContaining('at least two') } },
  ]);
});
