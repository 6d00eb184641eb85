/**
 * Times a recipe's decisions on many images: `node src-main/services/test/measure-decisions.ts [images]`.
 * Maps have 64 x 64, 96 x 96 and 128 x 128 positions. docs/benchmarks.md lists the results.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recipe, RecipeDraft } from '../../common/api/recipes.ts';
import { gaussianBlur } from '../../common/maps/gaussian-blur.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { mulberry32 } from '../../methods/prng.ts';
import type { NewResult } from '../../store/results.ts';
import { Store } from '../../store/store.ts';
import { addImages } from '../../test/store.ts';
import { summarizeMap } from '../inspections/summarize-map.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { openRecipes } from '../recipes/recipes.ts';
import { openRuns } from '../runs/runs.ts';

const count = Number(process.argv[2] ?? 10_000);
const { signal } = new AbortController();
const folder = await mkdtemp(join(tmpdir(), 'perch-decisions-'));
const store = new Store(join(folder, 'home'));
const engine = new EngineClient();
const runs = openRuns(store, engine);
const recipes = openRecipes(store, engine, runs);
try {
  const dataset = await fillStore();
  let recipe = await recipes.create(
    { name: 'Linen', dataset, classes: ['linen'], author: 'Ada', reason: '' },
    signal,
  );
  const decide = async (what: string, definition: RecipeDraft) => {
    recipe = await revise(recipe, definition);
    await timed(what, async () => {
      const { decisions } = await recipes.decisions({ dataset }, signal);
      const rejected = decisions.filter(({ decision }) => decision === 'reject').length;
      if (decisions.length !== count) throw new Error(`only ${decisions.length} of ${count} were decided`);
      console.log(`${rejected} of ${count} rejected`);
    });
  };
  engine.start();
  await engine.request('probeProviders', {}, { signal });
  await decide('first decisions', { thresholds: { review: 0.5, reject: 0.7 } });
  await decide('new thresholds', { thresholds: { review: 0.4, reject: 0.6 } });
  await decide('new size limits', {
    sizeLimits: { unit: 'positions', minArea: 16, minLength: 6 },
    thresholds: { review: 0.4, reject: 0.6 },
  });
  await decide('new limits on regions', { regionLimits: { maxCount: 3, maxTotalArea: null } });
  await timed('scores with labels', async () => {
    const scope = { recipe: recipe.id, dataset, textureClass: 'linen' };
    for await (const event of await recipes.scores(scope, signal))
      if (event.type === 'scores' && event.images.length !== count) throw new Error('scores are missing');
  });
} finally {
  runs.close();
  await engine.close();
  store.close();
  await rm(folder, { recursive: true, force: true });
}

async function revise(recipe: Recipe, definition: RecipeDraft): Promise<Recipe> {
  const base = recipe.latest.revision;
  return recipes.revise({ recipe: recipe.id, base, author: 'Ada', reason: '', definition }, signal);
}

/** @returns the dataset */
async function fillStore(): Promise<number> {
  const method = store.methods.upsertDefinition(defaultMethod, 'default').id;
  const files = Array.from({ length: count }, (_, at) => ({ path: `/data/cloth/${at}.png` }));
  const { dataset, images } = store.transaction(() => addImages(store, files));
  const textures = [64, 96, 128].map(texture);
  for (let start = 0; start < count; start += 500) {
    const made = images.slice(start, start + 500).map((image, at) => ({
      image,
      placed: placedMap(textures[(start + at) % textures.length], start + at),
    }));
    const blobs = await Promise.all(
      made.map(({ placed: { map } }) =>
        store.blobs.write(writeNpy({ shape: [map.height, map.width], values: map.values })),
      ),
    );
    store.transaction(() => {
      store.blobs.enter(blobs);
      for (const [at, { image, placed }] of made.entries()) {
        const key = { image, method, imageSha256: 'f'.repeat(64), modelSha256: null, versions: {} };
        store.results.add({ ...key, ...summarizeMap(placed, {}, 'CPU'), map: blobs[at].sha256 } as NewResult);
      }
    });
  }
  return dataset;
}

/** Smooth noise from 0 to 1. */
function texture(side: number): PlacedMap['map'] {
  const random = mulberry32(side);
  const noise = Float32Array.from({ length: side * side }, () => random());
  const planes = { values: noise, height: side, width: side };
  const values = gaussianBlur<Float32Array>(planes, { radius: 4, sigma: 1.5, border: 'repeat' });
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return { values: values.map((value) => (value - low) / (high - low)), width: side, height: side };
}

/** A separate map for each image: the texture, shifted and scaled. */
function placedMap({ values, width, height }: PlacedMap['map'], at: number): PlacedMap {
  const shifted = values.map(
    (_, position) => values[(position + 31 * at) % values.length] * (0.5 + (at % 97) / 97),
  );
  const [imageWidth, imageHeight] = [4 * width, 4 * height];
  return {
    map: { values: shifted, width, height },
    width: imageWidth,
    height: imageHeight,
    extentWidth: imageWidth,
    extentHeight: imageHeight,
  };
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(2)} s`);
}
