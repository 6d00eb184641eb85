import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageMeasures } from './measure-image.ts';
import { openPartialMap } from './partial-map.ts';
import type { Block } from './plan.ts';

const size = { width: 5, height: 4 };
const areas = [
  { left: 0, top: 0, width: 3, height: 4 },
  { left: 3, top: 0, width: 2, height: 3 },
  { left: 3, top: 3, width: 2, height: 1 },
];
const blocks = areas.map((inner) => ({ inner })) as Block[];
const measures: ImageMeasures = {
  constants: { spread: Float32Array.of(1.5, -0.25) },
  selection: { kind: 'sorted', lists: Float32Array.of(0.1, 0.2, 0.3) },
  sample: { tiles: 2, tilesInImage: 9 },
};
/** The score at a position is its number. */
const scoresOf = (area: (typeof areas)[number]) =>
  Float32Array.from({ length: area.width * area.height }, (_, i) => {
    return (area.top + Math.floor(i / area.width)) * size.width + area.left + (i % area.width);
  });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-partial-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const openMap = (inputs: unknown = 'image') => openPartialMap(folder, inputs, size, blocks);

describe('a partial map', () => {
  it('places blocks, and leaves no files when it is taken', async () => {
    const map = await openMap();
    expect(map.done).toBe(0);
    await map.begin(measures);
    for (const area of areas) await map.write(area, scoresOf(area));
    expect(await map.take()).toEqual({ ...size, values: Float32Array.from({ length: 20 }, (_, i) => i) });
    expect(await readdir(folder)).toEqual([]);
  });

  it('resumes after the last complete block, with the same measures', async () => {
    const first = await openMap();
    await first.begin(measures);
    await first.write(areas[0], scoresOf(areas[0]));
    await first.write(areas[1], scoresOf(areas[1]));
    await first.close();
    const [name] = await readdir(folder);
    // The process was killed while it wrote the second block.
    await truncate(join(folder, name, 'scores'), 4 * 14);
    const second = await openMap();
    expect(second.done).toBe(1);
    expect(second.measures).toEqual(measures);
    await second.write(areas[1], scoresOf(areas[1]));
    await second.write(areas[2], scoresOf(areas[2]));
    const { values } = await second.take();
    expect([...values]).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('begins again without measures, and for other inputs', async () => {
    const first = await openMap();
    await first.write(areas[0], scoresOf(areas[0]));
    await first.close();
    const second = await openMap();
    expect([second.done, second.measures]).toEqual([0, undefined]);
    await second.begin(measures);
    await second.write(areas[0], scoresOf(areas[0]));
    await second.close();
    const other = await openMap('another image');
    expect([other.done, other.measures]).toEqual([0, undefined]);
    await other.close();
  });

  it('is not shared with a process that works on it', async () => {
    const first = await openMap();
    await first.begin(measures);
    await first.write(areas[0], scoresOf(areas[0]));
    const { writeFile } = await import('node:fs/promises');
    const [name] = await readdir(folder);
    await writeFile(join(folder, name, 'owner'), String(process.ppid));
    const second = await openMap();
    expect(second.done).toBe(0);
    await second.begin(measures);
    for (const area of areas) await second.write(area, scoresOf(area));
    expect((await second.take()).values[19]).toBe(19);
    expect(await readdir(folder)).toEqual([name]);
    await first.close();
  });
});
