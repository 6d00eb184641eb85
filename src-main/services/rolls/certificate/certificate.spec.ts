import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Roll } from '../../../common/api/rolls.ts';
import { writeNpy } from '../../../common/maps/npy.ts';
import { EngineClient } from '../../../engine/client/engine-client.ts';
import type { Store } from '../../../store/store.ts';
import { temporaryStore } from '../../../test/store.ts';
import { lay, picture } from '../../datasets/test/pictures.ts';
import { defaultMethod } from '../../methods/method-options.ts';
import { openSettings } from '../../settings/settings.ts';
import type { Services } from '../../types.ts';
import { openRolls } from '../rolls.ts';

let engine: EngineClient;
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let folder: string;
let rolls: Services['rolls'];
let roll: Roll;
const { signal } = new AbortController();

let home: string;
beforeAll(async () => {
  // The engine keeps decoded images in the data directory.
  home = await mkdtemp(join(tmpdir(), 'perch-engine-'));
  vi.stubEnv('PERCH_HOME', home);
  engine = new EngineClient();
});
afterAll(async () => {
  await engine.close();
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  temporary = temporaryStore();
  ({ store } = temporary);
  folder = await mkdtemp(join(tmpdir(), 'perch-certificate-'));
  const settings = openSettings(store);
  await settings.change({ operator: 'Åsa' }, signal);
  rolls = openRolls({ store, engine, runs: {} as Services['runs'], settings });
  await lay(folder, { 'mill/strip.png': picture(1, 120, 800) });
  const source = { source: { path: join(folder, 'mill/strip.png') }, article: 'Twill <b>&', lot: 'L-7' };
  for await (const event of await rolls.import({ ...source, scale: { across: 1, along: 2 } }, signal))
    if (event.type === 'imported') ({ roll } = event);
  const values = new Float32Array(30 * 200);
  for (const [x, y] of [
    [4, 20],
    [20, 60],
    [12, 150],
  ])
    for (let row = y; row < y + 3; row++) values.fill(y, row * 30 + x, row * 30 + x + 3);
  store.results.add({
    image: roll.image,
    method: store.methods.upsertDefinition(defaultMethod, 'default').id,
    imageSha256: store.images.get(roll.image).file.sha256,
    modelSha256: null,
    map: await store.blobs.put(Buffer.from(writeNpy({ shape: [200, 30], values }))),
    mapWidth: 30,
    mapHeight: 200,
    width: 120,
    height: 800,
    extentWidth: 120,
    extentHeight: 800,
    min: 0,
    max: 150,
    threshold: 1,
    seconds: {},
    device: 'CPU',
    versions: { perch: '9.8.7' },
  });
});
afterEach(async () => {
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

const certificate = async (wishes: object = {}) =>
  rolls.certificate({ image: roll.image, rule: 'four-point-metric', format: 'html', ...wishes }, signal);

describe('a certificate', () => {
  it('states roll, grade, map, worst defects, operator, version and hashes on one page without scripts', async () => {
    await rolls.assess(
      { image: roll.image, defect: '82,242', kind: 'hole <i>', points: 3, reason: 'open', operator: 'Bo' },
      signal,
    );
    const { name, mediaType, content } = await certificate();
    expect([name, mediaType]).toEqual(['strip certificate.html', 'text/html']);
    for (const fact of [
      'Twill &lt;b&gt;&amp;, lot L-7',
      'hole &lt;i&gt;',
      '1.60 m',
      '12.0 cm',
      'Åsa',
      'Perch 9.8.7',
      '3 points',
      'FAIL',
    ])
      expect(content, fact).toContain(fact);
    expect(content).toContain(store.images.get(roll.image).file.sha256);
    expect(content).toContain('A person corrected the points of 1 defect, with a reason.');
    expect(content).not.toMatch(/<script|<b>&|hole <i>/);
    expect(content.match(/<path d="M[^"]*z" fill="#/g)?.length).toBeGreaterThanOrEqual(3);
    const pictures = [...content.matchAll(/data:image\/jpeg;base64,([^"]+)/g)].map(([, base64]) => base64);
    expect(pictures).toHaveLength(3);
    const { width, height } = await sharp(Buffer.from(pictures[0], 'base64')).metadata();
    expect([width, height]).toEqual([320, 320]);
  });

  it('lists the frames of a folder with their hashes, and none of a file', async () => {
    expect((await certificate()).content).not.toContain('<section class="frames">');
    const sha256s = ['a'.repeat(64), 'b'.repeat(64)];
    store.rolls.setFrames(
      roll.image,
      sha256s.map((sha256, at) => ({ name: `<${at}>.png`, offset: 400 * at, length: 400, sha256 })),
    );
    const [, frames] = (await certificate()).content.split('<section class="frames">');
    for (const [at, sha256] of sha256s.entries())
      expect(frames).toContain(
        `<td>&lt;${at}&gt;.png</td><td>${(0.8 * at).toFixed(3)} m</td><td>0.800 m</td><td><code>${sha256}</code></td>`,
      );
  });

  it('says that a roll without a scale has no grade', async () => {
    store.rolls.put(roll.image, { ...roll, scale: null });
    const { content } = await certificate();
    expect(content).toContain('NO GRADE');
    expect(content).toContain('800 px');
  });

  it('is in inches and yards by choice', async () => {
    expect((await certificate({ units: 'inch', operator: 'Cy' })).content).toMatch(/4\.72 in.*Cy/s);
  });

  it('is a PDF on the desktop only', async () => {
    await expect(certificate({ format: 'pdf' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('the map', () => {
  it('has a mark for each defect with its reason, and the units of the choice', async () => {
    const wishes = { image: roll.image, rule: 'four-point-metric' };
    const { name, content } = await rolls.map(wishes, signal);
    expect(name).toBe('strip map.svg');
    expect(content.match(/<path d="M[^"]*z" fill="[^"]*"[^>]*><title>/g)).toHaveLength(3);
    expect(content).toContain(' m</text>');
    expect((await rolls.map({ ...wishes, units: 'inch' }, signal)).content).toContain(' yd</text>');
    await sharp(Buffer.from(content)).metadata();
  });
});
