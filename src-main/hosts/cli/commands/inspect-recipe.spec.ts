import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { formatArea } from '../../../common/length-text.ts';
import type { ImageDecision, Recipe, RecipeDraft } from '../../../common/api/recipes.ts';
import { EngineClient } from '../../../engine/client/engine-client.ts';
import { createServices } from '../../../services/create-services.ts';
import type { Services } from '../../../services/types.ts';
import { Store } from '../../../store/store.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;
let store: Store;
let engine: EngineClient;
let services: Services;
let dataset: number;
let recipe: Recipe;
let scores: number[];
const { signal } = new AbortController();
const at = (...path: string[]) => join(folder, ...path);

/** A weave with a flat square whose side is `defect` pixels. */
async function weave(path: string, defect: number): Promise<void> {
  const [width, height] = [96, 88];
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const isDefect = x >= 40 && x < 40 + defect && y >= 30 && y < 30 + defect;
    return isDefect ? 128 : 128 + 60 * Math.sin(x * 1.1) * Math.sin(y * 1.1) + ((i * 7919) % 13);
  });
  const image = sharp(pixels, { raw: { width, height, channels: 1 } });
  await writeFile(path, await image.png().toBuffer());
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-recipe-'));
  vi.stubEnv('PERCH_HOME', at('home'));
  await mkdir(at('cloth/linen/test/good'), { recursive: true });
  for (const [name, defect] of [0, 9, 20].entries())
    await weave(at(`cloth/linen/test/good/${name}.png`), defect);
  store = new Store();
  engine = new EngineClient();
  services = createServices(store, engine);
  const importing = await services.datasets.import({ paths: [at('cloth')], layout: 'auto' }, signal);
  for await (const event of importing) if (event.type === 'imported') dataset = event.dataset.id;
  const author = { author: 'Åsa', reason: '' };
  recipe = await services.recipes.create(
    { name: 'Linen', dataset, classes: ['linen'], mmPerPixel: 0.5, ...author },
    signal,
  );
  await revise({ region: { include: [], exclude: [], border: 4 } });
  await inspectAll();
  scores = (await decisions()).map(({ score }) => score ?? NaN).sort((a, b) => a - b);
}, 60_000);
afterAll(async () => {
  await services.close();
  await engine.close();
  store.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function revise(definition: RecipeDraft): Promise<void> {
  const base = recipe.latest.revision;
  const change = { recipe: recipe.id, base, author: 'Åsa', reason: '', definition };
  recipe = await services.recipes.revise(change, signal);
}

async function inspectAll(): Promise<void> {
  const { id: method } = await services.methods.store(
    { definition: recipe.latest.definition.method },
    signal,
  );
  const { id } = await services.runs.start({ dataset, methods: [method], provider: 'cpu' }, signal);
  for await (const event of await services.runs.watch(undefined, signal))
    if (event.type === 'runs' && event.runs.some((run) => run.id === id && run.state === 'done')) return;
}

const decisions = async () => (await services.recipes.decisions({ dataset }, signal)).decisions;

/** Exports the recipe and inspects images by the file. */
async function inspectBy(definition: RecipeDraft, images: string, ...options: string[]) {
  await revise(definition);
  await writeFile(at('r.json'), (await services.recipes.export({ recipe: recipe.id }, signal)).content);
  return perch('inspect', images, '--recipe', at('r.json'), '--out', at('out'), ...options);
}

interface Record extends Pick<ImageDecision, 'score' | 'decision'> {
  path: string;
  recipe: object;
  thresholds: object;
  reason: ImageDecision['reason'] & { text: string };
  regions: {
    counts: boolean;
    area: number;
    box: { width: number };
    mm: { area: number; box: { width: number } };
  }[];
}
const recordsIn = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record);

/** The first image passes, the second needs review, and the third is rejected. */
const apart = () => ({
  thresholds: { review: (scores[0] + scores[1]) / 2, reject: (scores[1] + scores[2]) / 2 },
});

describe('perch inspect --recipe', () => {
  it('decides as the store does', async () => {
    const { code, stdout, stderr } = await inspectBy(apart(), at('cloth/linen/test'), '--json');
    expect(code, stderr).toBe(20);
    const records = recordsIn(stdout);
    const stored = await decisions();
    expect(records.map(({ decision }) => decision)).toEqual(['pass', 'review', 'reject']);
    for (const [i, record] of records.entries()) {
      const { score, decision, reason } = stored[i];
      expect(store.images.get(stored[i].image).path).toBe(record.path);
      expect(record).toMatchObject({ score, decision, reason });
      expect(record.thresholds).toEqual(recipe.latest.definition.thresholds);
      expect(record.recipe).toEqual({
        name: 'Linen',
        revision: recipe.latest.revision,
        sha256: recipe.latest.sha256,
      });
    }
    const [region] = records[2].regions;
    expect(records[2].reason.text).toContain(`A region of ${formatArea(region.area / 4, 'mm')} at`);
    expect(region.counts).toBe(true);
    expect(region.mm).toMatchObject({ area: region.area / 4, box: { width: region.box.width / 2 } });
  });

  it('shows which regions count; the mask has only those', async () => {
    const threshold = scores[0] * 0.999;
    const { stdout } = await inspectBy(
      { thresholds: { review: threshold, reject: 9 } },
      at('cloth/linen/test/good/0.png'),
      '--json',
    );
    const [{ regions }] = recordsIn(stdout);
    const counting = regions.filter(({ counts }) => counts);
    expect(counting.length).toBeGreaterThan(0);
    expect(regions.map(({ counts }) => counts)).toEqual(regions.map((_, index) => index < counting.length));
    const mask = await sharp(await readFile(at('out/0.mask.png')))
      .extractChannel(0)
      .raw()
      .toBuffer();
    const marked = mask.reduce((sum, value) => sum + Number(value > 0), 0);
    expect(marked).toBe(counting.reduce((sum, { area }) => sum + area, 0));
  });

  it('prints a line per image and a summary, and exits with the gravest decision', async () => {
    const all = await inspectBy(apart(), at('cloth/linen/test'));
    expect(all.code).toBe(20);
    expect(all.stdout).toMatch(
      /0\.png {2}PASS {2}No region.*\n.*1\.png {2}REVIEW {2}A region of.*\n.*2\.png {2}REJECT {2}A region.*\n3 images: 1 pass, 1 to review, 1 rejected\n/,
    );
    const of = async (image: string) => (await inspectBy({}, at('cloth/linen/test/good', image))).code;
    expect([await of('0.png'), await of('1.png'), await of('2.png')]).toEqual([0, 10, 20]);
  });

  it('fails with 1 if an image is not inspected or not decided, whatever the others are', async () => {
    await writeFile(at('cloth/text.png'), 'this is text');
    const damaged = await inspectBy(apart(), at('cloth'));
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining('text.png') });
    await rm(at('cloth/text.png'));
    const impossible = { unit: 'positions' as const, minArea: 1e6, minLength: 0 };
    const undecided = await inspectBy({ sizeLimits: impossible, ...apart() }, at('cloth/linen/test'));
    expect(undecided.code).toBe(1);
    expect(undecided.stdout).toContain('NOT DECIDED  No region can be as large');
    expect(undecided.stderr).toContain('Could not decide 3 images');
    const uncalibrated = await inspectBy({ thresholds: null }, at('cloth/linen/test/good/0.png'));
    expect(uncalibrated.code).toBe(1);
    expect(uncalibrated.stdout).toContain('The recipe is not calibrated');
  });

  it('takes a recipe of the store by its name', async () => {
    const image = at('cloth/linen/test/good/0.png');
    const known = await perch('inspect', image, '--recipe', 'Linen', '--out', at('out'), '--json');
    expect(recordsIn(known.stdout)[0].recipe).toMatchObject({ name: 'Linen' });
    expect(await perch('inspect', image, '--recipe', 'Wool')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no recipe "Wool". Recipes: Linen.'),
    });
  });

  it('refuses options that the recipe defines, and a file that was changed', async () => {
    const image = at('cloth/linen/test/good/0.png');
    const refused = async (...options: string[]) =>
      (await perch('inspect', image, '--recipe', at('r.json'), ...options)).stderr;
    expect(await refused('--method', 'default')).toContain('Omit --method');
    expect(await refused('--patch-sigma', '2')).toContain('Omit --patch-sigma');
    expect(await refused('--threshold', '1')).toContain('Omit --threshold');
    const content = await readFile(at('r.json'), 'utf8');
    await writeFile(at('r.json'), content.replace('"mmPerPixel": 0.5', '"mmPerPixel": 0.6'));
    expect(await refused()).toMatch(/r\.json was changed.*SHA-256/);
  });
});
